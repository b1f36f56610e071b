import { Body, Controller, Get, Header, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Problems, PublicRoute } from '#libs/platform';
import { CurrentResident, DeviceProofGuard, type EnrolledResident } from '../enrolment/device-proof.guard.js';
import { RecordedAnswer } from '../residents/residents.dto.js';
import { SubjectEntity } from '../subjects/subject.entity.js';
import { residentDeclarer } from './declarer.js';
import { LedgerAnswer, ledgerAnswer } from './ledger-answers.dto.js';
import { LedgerReader } from './ledger-reader.service.js';
import { LedgerQuery, OwnEntry } from './ledger.dto.js';
import { Ledger } from './ledger.service.js';

/** For the resident's own phone: `Authorization: DeviceProof`. */
@ApiTags('wallet')
@PublicRoute()
@UseGuards(DeviceProofGuard)
@Problems('DEVICE_PROOF_REFUSED')
@Controller('v1/entries')
export class OwnEntriesController {
  constructor(
    private readonly database: DataSource,
    private readonly ledger: Ledger,
    private readonly reader: LedgerReader,
  ) {}

  @Post()
  @HttpCode(200)
  @Problems('ENTRY_SCHEME_UNKNOWN', 'ENTRY_RULE_UNKNOWN', 'ENTRY_NOT_BY_RULE', 'ENTRY_EVIDENCE_MISSING')
  @Problems(
    'SUBJECT_ENDED',
    'SUBJECT_OUTSIDE_SCHEME',
    'ENTRY_ROLE_MISSING',
    'ENTRY_OF_ANOTHER',
    'ENTRY_DIFFERS',
    'CONFLICT',
  )
  @ApiOperation({
    summary: "Declare what oneself or one's household did, where the rule lets residents declare (申报)",
  })
  @ApiOkResponse({ type: RecordedAnswer })
  async declare(
    @CurrentResident() resident: EnrolledResident,
    @Body() { subject, ...entry }: OwnEntry,
  ): Promise<RecordedAnswer> {
    const { id, handle } = await this.subjectOf(resident);
    return this.ledger.record([{ ...entry, subject: subject ?? handle }], residentDeclarer({ id, handle }));
  }

  @Get()
  @Header('cache-control', 'no-store')
  @Problems('ENTRY_SCHEME_UNKNOWN')
  @ApiOperation({ summary: "The resident's own entries with their steps, points, wallet and postings (PIPL art. 45)" })
  @ApiOkResponse({ type: LedgerAnswer })
  async read(@CurrentResident() resident: EnrolledResident, @Query() { scheme }: LedgerQuery): Promise<LedgerAnswer> {
    const { id, handle } = await this.subjectOf(resident);
    return ledgerAnswer(handle, await this.reader.read(id, scheme), false);
  }

  private subjectOf({ residentId: id }: EnrolledResident): Promise<SubjectEntity> {
    return this.database.manager.findOneByOrFail(SubjectEntity, { id });
  }
}
