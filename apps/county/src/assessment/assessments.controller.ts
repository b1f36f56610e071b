import { Body, Controller, Get, Header, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import type { AssessmentRunEntity } from './assessment-run.entity.js';
import {
  AssessRequest,
  ExplanationAnswer,
  GradeExplanationAnswer,
  ReleaseAnswer,
  RunAnswer,
  RunsAnswer,
} from './assessments.dto.js';
import { Assessments } from './assessments.service.js';
import { Explanations } from './explanations.service.js';
import { Releases } from './releases.service.js';

@ApiTags('assessment')
@Controller('v1/admin')
export class AssessmentsController {
  constructor(
    private readonly assessments: Assessments,
    private readonly releases: Releases,
    private readonly explanations: Explanations,
  ) {}

  @Post('assessments')
  @Roles('assessor')
  @Problems(
    'SCHEME_NOT_EXPORTED',
    'ENTRY_SCHEME_UNKNOWN',
    'PLACE_OUT_OF_SCOPE',
    'ASSESSMENT_PERIOD_INVALID',
    'ASSESSMENT_TOO_LARGE',
    'LEDGER_RULE_UNKNOWN',
  )
  @ApiOperation({ summary: 'Assess every subject of a scheme for a period, over the effective entries up to now' })
  @ApiCreatedResponse({ type: RunAnswer })
  async assess(@Body() asked: AssessRequest, @CurrentStaff() staff: Staff): Promise<RunAnswer> {
    return asAnswer(await this.assessments.assess(asked, staff));
  }

  @Get('assessments')
  @Roles('assessor', 'auditor')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'The latest runs, and who released them' })
  @ApiOkResponse({ type: RunsAnswer })
  async list(@CurrentStaff() staff: Staff): Promise<RunsAnswer> {
    const runs = await this.assessments.list(staff);
    return { runs: runs.map(({ run, releasedBy }) => Object.assign(asAnswer(run), { releasedBy })) };
  }

  @Post('assessments/:run/release')
  @HttpCode(200)
  @Roles('assessor')
  @Problems('NOT_FOUND', 'RELEASE_BY_ASSESSOR')
  @ApiOperation({ summary: 'Bring a run that somebody else has made into effect' })
  @ApiOkResponse({ type: ReleaseAnswer })
  release(@Param('run', ParseUUIDPipe) run: string, @CurrentStaff() staff: Staff): Promise<ReleaseAnswer> {
    return this.releases.release(run, staff);
  }

  @Get('assessments/:run/subjects/:handle')
  @Roles('assessor', 'auditor')
  @Header('cache-control', 'no-store')
  @Problems('NOT_FOUND', 'ASSESSMENT_MISMATCH')
  @ApiOperation({ summary: 'What a run made of a subject, explained line by line' })
  @ApiOkResponse({ type: ExplanationAnswer })
  explain(
    @Param('run', ParseUUIDPipe) run: string,
    @Param('handle') handle: string,
    @CurrentStaff() staff: Staff,
  ): Promise<ExplanationAnswer> {
    return this.explanations.explain(run, handle, staff);
  }

  @Get('residents/:handle/assessment')
  @Roles('assessor', 'auditor')
  @Header('cache-control', 'no-store')
  @Problems('NOT_FOUND', 'ASSESSMENT_MISMATCH')
  @ApiOperation({ summary: "A resident's current grade, explained line by line" })
  @ApiOkResponse({ type: GradeExplanationAnswer })
  explainCurrent(@Param('handle') handle: string, @CurrentStaff() staff: Staff): Promise<GradeExplanationAnswer> {
    return this.explanations.explainCurrent(handle, staff);
  }
}

function asAnswer(run: AssessmentRunEntity): RunAnswer {
  const { id, period, cutOff, schemeId, schemeVersion, fingerprint, madeBy, counts } = run;
  const scheme = { id: schemeId, version: schemeVersion, fingerprint };
  return { run: id, period, cutOff, scheme, madeBy, grades: counts };
}
