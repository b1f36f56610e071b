import { Controller, Get, Header, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { maskedName } from '../residents/masked-name.js';
import { ResultsAnswer, ResultsQuery } from './results.dto.js';
import { AssessmentResults } from './results.service.js';

@ApiTags('assessment')
@Controller('v1/admin/assessments')
export class ResultsController {
  constructor(private readonly results: AssessmentResults) {}

  @Get(':run/results')
  @Roles('assessor', 'manager', 'auditor')
  @Header('cache-control', 'no-store')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'What a run made of its subjects, from the first by rank' })
  @ApiOkResponse({ type: ResultsAnswer })
  async read(
    @Param('run', ParseUUIDPipe) id: string,
    @Query() asked: ResultsQuery,
    @CurrentStaff() staff: Staff,
  ): Promise<ResultsAnswer> {
    const { run, period, metric, releasedAt, total, results } = await this.results.read(id, asked, staff);
    return {
      run,
      period,
      metric,
      releasedAt,
      total,
      results: results.map(({ handle, doorNumber: _door, name, ...result }) => ({
        subject: handle,
        name: maskedName(name),
        ...result,
      })),
    };
  }
}
