import { Body, Controller, Get, Header, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import type { AssessmentRunEntity } from '../assessment/assessment-run.entity.js';
import { Releases } from '../assessment/releases.service.js';
import {
  ImportedBatchAnswer,
  ImportedBatchDetailAnswer,
  ImportGradesRequest,
  ReleasedBatchAnswer,
} from './imported-grades.dto.js';
import { ImportedGrades } from './imported-grades.service.js';

@ApiTags('assessment')
@Controller('v1/admin/imported-grades')
export class ImportedGradesController {
  constructor(
    private readonly imported: ImportedGrades,
    private readonly releases: Releases,
  ) {}

  @Post()
  @Roles('assessor')
  @Problems('ENTRY_SCHEME_UNKNOWN', 'PLACE_OUT_OF_SCOPE', 'IMPORT_NOT_BY_SCHEME', 'KEY_REUSED', 'GRADE_UNKNOWN')
  @Problems('SUBJECT_UNKNOWN', 'SUBJECT_ENDED', 'SUBJECT_KIND_WRONG', 'SUBJECT_NOT_SCORED', 'SUBJECT_OUTSIDE_SCHEME')
  @ApiOperation({ summary: 'Take in up to 1,000 grades of another system, all or none; repeating changes nothing' })
  @ApiCreatedResponse({ type: ImportedBatchAnswer })
  async take(@Body() asked: ImportGradesRequest, @CurrentStaff() staff: Staff): Promise<ImportedBatchAnswer> {
    return asAnswer(await this.imported.take(asked, staff));
  }

  @Get(':batch')
  @Header('cache-control', 'no-store')
  @Roles('assessor', 'auditor')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'A batch with its rows, for who is to release it' })
  @ApiOkResponse({ type: ImportedBatchDetailAnswer })
  async read(
    @Param('batch', ParseUUIDPipe) batch: string,
    @CurrentStaff() staff: Staff,
  ): Promise<ImportedBatchDetailAnswer> {
    const { run, releasedBy, rows } = await this.imported.read(batch, staff);
    return Object.assign(asAnswer(run), { releasedBy, rows });
  }

  @Post(':batch/release')
  @HttpCode(200)
  @Roles('assessor')
  @Problems('NOT_FOUND', 'RELEASE_BY_ASSESSOR')
  @ApiOperation({ summary: 'Bring a batch that somebody else has taken in into effect' })
  @ApiOkResponse({ type: ReleasedBatchAnswer })
  async release(
    @Param('batch', ParseUUIDPipe) batch: string,
    @CurrentStaff() staff: Staff,
  ): Promise<ReleasedBatchAnswer> {
    const { rows } = await this.imported.read(batch, staff);
    const { revoked } = await this.releases.release(batch, staff);
    return { released: rows.length, revoked };
  }
}

function asAnswer({ id, schemeId, fingerprint, madeBy, counts }: AssessmentRunEntity): ImportedBatchAnswer {
  return { batch: id, scheme: schemeId, fingerprint, importedBy: madeBy, grades: counts };
}
