import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { EvidenceBody } from './ledger.dto.js';
import type { ReadEntry, ReadLedger } from './ledger-reader.service.js';

export class ActedEntryAnswer {
  @ApiProperty()
  id!: string;

  @ApiProperty({ example: 'effective' })
  state!: string;
}

export class ActedAnswer {
  @ApiProperty({ type: [ActedEntryAnswer], description: 'Where each entry stands afterwards, in the order asked for' })
  entries!: readonly ActedEntryAnswer[];
}

export class StepAnswer {
  @ApiProperty({ example: 'verify' })
  act!: string;

  @ApiProperty({ example: 'verified' })
  state!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Null for the calendar; not in what residents are shown',
  })
  by?: string | null;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  at!: number;

  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;
}

export class LedgerEntryAnswer {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  rule!: string;

  @ApiProperty({ description: 'The rule in the words of the scheme' })
  ruleLabel!: string;

  @ApiProperty({ type: 'integer' })
  version!: number;

  @ApiProperty({ type: 'integer' })
  quantity!: number;

  @ApiProperty({ type: String, nullable: true, description: 'What an inspection found' })
  label!: string | null;

  @ApiProperty({ format: 'date' })
  occurredOn!: string;

  @ApiProperty({ example: 'effective' })
  state!: string;

  @ApiProperty({ type: 'integer', description: 'What it adds to the total of its rule; 0 while it does not count' })
  points!: number;

  @ApiProperty({ type: [EvidenceBody] })
  evidence!: readonly EvidenceBody[];

  @ApiProperty({ type: String, nullable: true, description: 'The entry it takes back' })
  reverses!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The entry of a person that credits this subject besides' })
  creditOf!: string | null;

  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;

  @ApiProperty({ type: [StepAnswer] })
  steps!: readonly StepAnswer[];
}

export class WalletAnswer {
  @ApiProperty({ type: 'integer' })
  balance!: number;

  @ApiProperty({ type: 'integer', description: 'Open in the shortage register' })
  shortage!: number;
}

export class PostingAnswer {
  @ApiProperty({ type: 'integer' })
  points!: number;

  @ApiProperty({ type: 'integer', description: 'Added to the shortage register; negative: made good' })
  shortage!: number;

  @ApiProperty({ example: 'entry' })
  cause!: string;

  @ApiProperty({ description: 'Id of the entry, else the idempotency key' })
  key!: string;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  at!: number;

  @ApiPropertyOptional({ description: 'Not in what residents are shown' })
  by?: string;

  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;
}

export class LedgerAnswer {
  @ApiProperty()
  subject!: string;

  @ApiProperty()
  scheme!: string;

  @ApiProperty({ type: 'integer', description: 'What all entries together have earned' })
  points!: number;

  @ApiProperty({ type: WalletAnswer, nullable: true, description: 'Null under a scheme without exchange' })
  wallet!: WalletAnswer | null;

  @ApiProperty({ type: [LedgerEntryAnswer] })
  entries!: readonly LedgerEntryAnswer[];

  @ApiProperty({ type: [PostingAnswer] })
  postings!: readonly PostingAnswer[];
}

/** @param showsStaff a resident is told what was done and why, not by which account */
export function ledgerAnswer(subject: string, read: ReadLedger, showsStaff: boolean): LedgerAnswer {
  const { scheme, points, wallet, entries, postings } = read;
  return {
    subject,
    scheme,
    points,
    wallet: wallet ?? null,
    entries: entries.map((entry) => entryAnswer(entry, showsStaff)),
    postings: postings.map(({ by, ...posting }) => (showsStaff ? { ...posting, by } : posting)),
  };
}

function entryAnswer({ row, ruleLabel, points, steps }: ReadEntry, showsStaff: boolean): LedgerEntryAnswer {
  const { id, rule, version, quantity, label, occurredOn, state, evidence, reverses, creditOf, reason } = row;
  return {
    id,
    rule,
    ruleLabel,
    version,
    quantity,
    label,
    occurredOn,
    state,
    points,
    evidence,
    reverses,
    creditOf,
    reason,
    steps: steps.map(({ act, state: reached, by, at = 0, reason: why }) => {
      const step = { act, state: reached, at, reason: why };
      return showsStaff ? { ...step, by: by?.account ?? null } : step;
    }),
  };
}
