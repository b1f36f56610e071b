import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { Places } from '../places/places.service.js';
import { RecordedAnswer } from '../residents/residents.dto.js';
import { subjectInScope } from '../subjects/find-subjects.js';
import { staffDeclarer } from './declarer.js';
import { EntryActs } from './entry-acts.service.js';
import { ActedAnswer, LedgerAnswer, ledgerAnswer } from './ledger-answers.dto.js';
import { LedgerReader } from './ledger-reader.service.js';
import { ActRequest, CorrectionRequest, LedgerQuery, RecordEntriesRequest } from './ledger.dto.js';
import { Ledger } from './ledger.service.js';

@ApiTags('ledger')
@Controller('v1/admin')
export class LedgerController {
  constructor(
    private readonly database: DataSource,
    private readonly places: Places,
    private readonly ledger: Ledger,
    private readonly acts: EntryActs,
    private readonly reader: LedgerReader,
  ) {}

  @Post('entries')
  @HttpCode(200)
  @Roles('collector', 'verifier', 'manager')
  @Problems(
    ...(['ENTRY_SCHEME_UNKNOWN', 'ENTRY_RULE_UNKNOWN', 'ENTRY_NOT_BY_RULE', 'ENTRY_EVIDENCE_MISSING'] as const),
    ...(['SUBJECT_UNKNOWN', 'SUBJECT_ENDED', 'SUBJECT_NOT_SCORED', 'SUBJECT_OUTSIDE_SCHEME'] as const),
    ...(['ENTRY_ROLE_MISSING', 'ENTRY_DIFFERS', 'CONFLICT'] as const),
  )
  @ApiOperation({ summary: 'Declare up to 1,000 ledger entries, all or none; repeating a request changes nothing' })
  @ApiOkResponse({ type: RecordedAnswer })
  record(@Body() { entries }: RecordEntriesRequest, @CurrentStaff() staff: Staff): Promise<RecordedAnswer> {
    return this.ledger.record(entries, staffDeclarer(staff));
  }

  @Post('entries/acts')
  @HttpCode(200)
  @Roles('collector', 'verifier', 'approver', 'manager')
  @Problems(
    ...(['ENTRY_UNKNOWN', 'ENTRY_STATE_OTHER', 'ENTRY_STEP_DIFFERS', 'ENTRY_ROLE_MISSING'] as const),
    ...(['SELF_APPROVAL', 'HOUSEHOLD_APPROVAL', 'DECLARER_APPROVAL', 'SAME_APPROVER', 'REVIEWER_INVOLVED'] as const),
    ...(['PUBLICITY_RUNNING', 'REVERSAL_FINAL', 'LEDGER_RULE_UNKNOWN'] as const),
  )
  @ApiOperation({ summary: 'One act on up to 1,000 entries, all or none; repeating a request changes nothing' })
  @ApiOkResponse({ type: ActedAnswer })
  async act(@Body() asked: ActRequest, @CurrentStaff() staff: Staff): Promise<ActedAnswer> {
    return { entries: await this.acts.act(asked, staff) };
  }

  @Post('corrections')
  @HttpCode(200)
  @Roles('collector', 'verifier', 'manager')
  @Problems('NOT_FOUND', 'REVERSAL_OF_REVERSAL', 'REVERSAL_NOT_OPEN', 'ENTRY_ROLE_MISSING', 'ENTRY_DIFFERS')
  @ApiOperation({ summary: 'Declare that an entry is taken back; it is, once this entry has taken effect' })
  @ApiOkResponse({ type: RecordedAnswer })
  correct(@Body() correction: CorrectionRequest, @CurrentStaff() staff: Staff): Promise<RecordedAnswer> {
    return this.ledger.correct(correction, staffDeclarer(staff));
  }

  @Get('subjects/:handle/ledger')
  @Header('cache-control', 'no-store')
  @Roles('collector', 'verifier', 'approver', 'manager', 'shopkeeper', 'auditor')
  @Problems('NOT_FOUND', 'ENTRY_SCHEME_UNKNOWN')
  @ApiOperation({ summary: "A subject's entries with their steps, points, wallet and postings under one scheme" })
  @ApiOkResponse({ type: LedgerAnswer })
  async read(
    @Param('handle') handle: string,
    @Query() { scheme }: LedgerQuery,
    @CurrentStaff() staff: Staff,
  ): Promise<LedgerAnswer> {
    const tree = await this.places.tree();
    const subject = await subjectInScope(this.database.manager, handle, staff, tree);
    return ledgerAnswer(subject.handle, await this.reader.read(subject.id, scheme), true);
  }
}
