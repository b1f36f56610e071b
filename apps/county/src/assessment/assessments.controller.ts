import { Body, Controller, Get, Header, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { AssessRequest, ExplanationAnswer, RunAnswer } from './assessments.dto.js';
import { Assessments } from './assessments.service.js';

@ApiTags('assessment')
@Controller('v1/admin')
export class AssessmentsController {
  constructor(private readonly assessments: Assessments) {}

  @Post('assessments')
  @Roles('assessor')
  @Problems('ASSESSMENT_YEAR_INVALID', 'LEDGER_RULE_UNKNOWN')
  @ApiOperation({ summary: 'Assess every resident for a year, over the effective entries up to now' })
  @ApiCreatedResponse({ type: RunAnswer })
  assess(@Body() { year }: AssessRequest, @CurrentStaff() staff: Staff): Promise<RunAnswer> {
    return this.assessments.assessAll(year, staff.username);
  }

  @Get('residents/:handle/assessment')
  @Roles('assessor', 'auditor')
  @Header('cache-control', 'no-store')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: "A resident's current assessment, explained line by line" })
  @ApiOkResponse({ type: ExplanationAnswer })
  explain(@Param('handle') handle: string): Promise<ExplanationAnswer> {
    return this.assessments.explainCurrent(handle);
  }
}
