import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { HANDLE } from '../residents/residents.dto.js';
import type { DecidedAct } from './entry-acts.service.js';
import type { Evidence } from './ledger-entry.entity.js';

/** Ids and idempotency keys of clients, and ids in scheme documents. */
export const CLIENT_KEY = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;

const EVIDENCE_KINDS = ['photo', 'door_scan', 'sheet', 'document'] as const;
const DECIDED_ACTS = ['verify', 'approve', 'reject', 'contest', 'uphold', 'reverse'] as const;
/** Whoever is told no is told why. */
const REASONED_ACTS: readonly string[] = ['reject', 'contest', 'uphold', 'reverse'];

export class EvidenceBody implements Evidence {
  @ApiProperty({ enum: EVIDENCE_KINDS })
  @IsIn(EVIDENCE_KINDS)
  kind!: Evidence['kind'];

  @ApiProperty({ maxLength: 200, description: 'Where it is kept: a number, a path; nothing personal' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  ref!: string;
}

class EntryFacts {
  @ApiProperty({ description: "The client's idempotency key", pattern: CLIENT_KEY.source })
  @Matches(CLIENT_KEY)
  id!: string;

  @ApiPropertyOptional({ description: 'Id of a scheme of the county; may be left out while it has just one' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  scheme?: string;

  @ApiProperty({ description: 'Id of a rule of the scheme', example: 'contract-kept' })
  @Matches(CLIENT_KEY)
  rule!: string;

  @ApiProperty({ format: 'date', description: 'The day it happened, Asia/Shanghai' })
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'must be a day, YYYY-MM-DD' })
  occurredOn!: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Whole units, or the points chosen from a range' })
  @IsOptional()
  @IsInt()
  @Min(-100_000)
  @Max(100_000)
  quantity?: number;

  @ApiPropertyOptional({ maxLength: 40, description: 'What an inspection found' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(40)
  label?: string;

  @ApiPropertyOptional({ type: [EvidenceBody], maxItems: 10 })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => EvidenceBody)
  evidence?: EvidenceBody[];
}

/** What somebody says they or their household did. */
export class OwnEntry extends EntryFacts {
  @ApiPropertyOptional({ description: "Handle of one's household; left out for oneself" })
  @IsOptional()
  @Matches(HANDLE)
  subject?: string;
}

export class NewEntry extends EntryFacts {
  @ApiProperty({ description: 'Handle of the subject', example: 'rc-0001' })
  @Matches(HANDLE)
  subject!: string;
}

export class RecordEntriesRequest {
  @ApiProperty({ type: [NewEntry], maxItems: 1_000 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => NewEntry)
  entries!: NewEntry[];
}

export class ActRequest {
  @ApiProperty({ description: "The client's idempotency key", pattern: CLIENT_KEY.source })
  @Matches(CLIENT_KEY)
  key!: string;

  @ApiProperty({ enum: DECIDED_ACTS })
  @IsIn(DECIDED_ACTS)
  act!: DecidedAct;

  @ApiProperty({ type: [String], maxItems: 1_000, description: 'Ids of entries' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @ArrayUnique()
  @Matches(CLIENT_KEY, { each: true })
  entries!: string[];

  @ApiPropertyOptional({ maxLength: 500, description: `Asked for: ${REASONED_ACTS.join(', ')}` })
  @ValidateIf(({ act, reason }: ActRequest) => reason !== undefined || REASONED_ACTS.includes(act))
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  reason?: string;
}

export class CorrectionRequest {
  @ApiProperty({ description: "The client's idempotency key; the id of the entry that takes the other back" })
  @Matches(CLIENT_KEY)
  id!: string;

  @ApiProperty({ description: 'Id of the entry to take back' })
  @Matches(CLIENT_KEY)
  reverses!: string;

  @ApiProperty({ maxLength: 500 })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  reason!: string;
}

export class LedgerQuery {
  @ApiPropertyOptional({ description: 'Id of a scheme of the county; may be left out while it has just one' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  scheme?: string;
}
