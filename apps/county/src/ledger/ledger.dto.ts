import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { HANDLE } from '../residents/residents.dto.js';

export class NewEntry {
  @ApiProperty({ description: "The client's idempotency key", pattern: '^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$' })
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/)
  id!: string;

  @ApiProperty({ description: 'Handle of the resident', example: 'rc-0001' })
  @Matches(HANDLE)
  resident!: string;

  @ApiProperty({ description: 'Id of a rule of the scheme', example: 'contract-kept' })
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/)
  rule!: string;

  @ApiProperty({ format: 'date', description: 'The day it happened, Asia/Shanghai' })
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'must be a day, YYYY-MM-DD' })
  occurredOn!: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Whole units, for rules that count by unit' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  quantity?: number;
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
