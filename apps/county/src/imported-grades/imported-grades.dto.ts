import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateIf,
  Validate,
  ValidateNested,
} from 'class-validator';
import type { GradeCounts } from '../assessment/assessment-run.entity.js';
import { CalendarDay } from '../calendar-day.js';
import { CLIENT_KEY } from '../ledger/ledger.dto.js';
import { ReadableText } from '../readable-text.js';
import { HANDLE } from '../residents/residents.dto.js';

class ImportedRowBody {
  @ApiProperty({ description: 'Handle' })
  @Matches(HANDLE)
  subject!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'A grade of the scheme; null withdraws what was said before',
  })
  @ValidateIf(({ grade }: ImportedRowBody) => grade !== null)
  @IsString()
  @MaxLength(40)
  grade!: string | null;

  @ApiProperty({ format: 'date', description: 'The first day on which it holds, Asia/Shanghai' })
  @Validate(CalendarDay)
  from!: string;

  @ApiProperty({ format: 'date', description: 'The last day' })
  @Validate(CalendarDay)
  to!: string;

  @ApiProperty({ maxLength: 100, description: 'Number of the document that says so' })
  @ReadableText(100)
  document!: string;
}

export class ImportGradesRequest {
  @ApiProperty({ description: "The client's idempotency key", pattern: CLIENT_KEY.source })
  @Matches(CLIENT_KEY)
  key!: string;

  @ApiProperty({ description: 'Id of a scheme' })
  @Matches(CLIENT_KEY)
  scheme!: string;

  @ApiPropertyOptional({ description: 'Id of a grading; may be left out where the scheme imports just one' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  grading?: string;

  @ApiProperty({ type: [ImportedRowBody], maxItems: 1_000 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @ValidateNested({ each: true })
  @Type(() => ImportedRowBody)
  rows!: ImportedRowBody[];
}

export class ImportedBatchAnswer {
  @ApiProperty({ format: 'uuid', description: 'A run like those of an assessment' })
  batch!: string;

  @ApiProperty()
  scheme!: string;

  @ApiProperty({ description: 'Of the scheme that the grades are under' })
  fingerprint!: string;

  @ApiProperty({ description: 'User name of who took it in' })
  importedBy!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Subjects by grade' })
  grades!: GradeCounts;
}

class ImportedRowAnswer {
  @ApiProperty({ description: 'Handle' })
  subject!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ type: String, nullable: true })
  grade!: string | null;

  @ApiProperty({ format: 'date' })
  from!: string;

  @ApiProperty({ format: 'date' })
  to!: string;

  @ApiProperty()
  document!: string;
}

export class ImportedBatchDetailAnswer extends ImportedBatchAnswer {
  @ApiProperty({ type: String, nullable: true, description: 'User name; null before' })
  releasedBy!: string | null;

  @ApiProperty({ type: [ImportedRowAnswer] })
  rows!: readonly ImportedRowAnswer[];
}

export class ReleasedBatchAnswer {
  @ApiProperty({ type: 'integer', description: 'How many rows the batch has' })
  released!: number;

  @ApiProperty({ type: 'integer', description: 'Attestations revoked because the grade dropped' })
  revoked!: number;
}
