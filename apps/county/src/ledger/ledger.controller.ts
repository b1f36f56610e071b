import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { RecordedAnswer } from '../residents/residents.dto.js';
import { RecordEntriesRequest } from './ledger.dto.js';
import { Ledger } from './ledger.service.js';

@ApiTags('ledger')
@Controller('v1/admin/entries')
export class LedgerController {
  constructor(private readonly ledger: Ledger) {}

  @Post()
  @HttpCode(200)
  @Roles('collector')
  @Problems('ENTRY_RULE_UNKNOWN', 'ENTRY_NOT_BY_RULE', 'ENTRY_EVIDENCE_MISSING', 'ENTRY_DIFFERS', 'RESIDENT_UNKNOWN')
  @ApiOperation({ summary: 'Record up to 1,000 ledger entries, all or none; repeating a request changes nothing' })
  @ApiOkResponse({ type: RecordedAnswer })
  record(@Body() { entries }: RecordEntriesRequest, @CurrentStaff() staff: Staff): Promise<RecordedAnswer> {
    return this.ledger.record(entries, staff.username);
  }
}
