import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { PERIOD } from '../assessment/assessments.dto.js';
import { CLIENT_KEY } from '../ledger/ledger.dto.js';
import { RollUp } from './roll-up.service.js';

class RollUpQuery {
  @ApiProperty({ description: 'Id of a place' })
  @Matches(CLIENT_KEY)
  place!: string;

  @ApiProperty({ example: '2026-Q2', description: 'A year, quarter, month or day, Asia/Shanghai' })
  @Matches(PERIOD)
  period!: string;
}

class RolledRuleAnswer {
  @ApiProperty()
  rule!: string;

  @ApiProperty({ description: 'In the words of the scheme document' })
  label!: string;

  @ApiProperty({ type: 'integer' })
  entries!: number;

  @ApiProperty({ type: 'integer' })
  subjects!: number;

  @ApiProperty({ type: 'integer', description: "What the entries say, added up, in the rule's unit" })
  quantity!: number;

  @ApiProperty({ type: 'integer', description: 'Caps and remainders included' })
  points!: number;
}

class RolledSchemeAnswer {
  @ApiProperty()
  scheme!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ type: 'integer' })
  version!: number;

  @ApiProperty()
  place!: string;

  @ApiProperty({ type: 'integer', description: 'Subjects with an entry under any rule' })
  subjects!: number;

  @ApiProperty({ type: [RolledRuleAnswer] })
  rules!: readonly RolledRuleAnswer[];
}

class RollUpAnswer {
  @ApiProperty()
  place!: string;

  @ApiProperty()
  period!: string;

  @ApiProperty({ type: [RolledSchemeAnswer] })
  schemes!: readonly RolledSchemeAnswer[];
}

@ApiTags('assessment')
@Controller('v1/admin/roll-up')
export class RollUpController {
  constructor(private readonly rollUp: RollUp) {}

  @Get()
  @Header('cache-control', 'no-store')
  @Roles('manager', 'assessor', 'auditor', 'county_manager')
  @Problems('NOT_FOUND', 'ASSESSMENT_PERIOD_INVALID')
  @ApiOperation({ summary: 'What the schemes at and below a place came to in a period: totals and no names' })
  @ApiOkResponse({ type: RollUpAnswer })
  async read(@Query() { place, period }: RollUpQuery, @CurrentStaff() staff: Staff): Promise<RollUpAnswer> {
    return { place, period, schemes: await this.rollUp.read(place, period, staff) };
  }
}
