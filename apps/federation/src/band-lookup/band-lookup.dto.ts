import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { BANDS, type Band } from '#libs/equivalence';
import type { NoBandReason } from './look-up-band.js';

export class BandLookUpQuery {
  @ApiProperty({ description: 'Scheme id', maxLength: 128 })
  @IsString()
  @MinLength(1)
  @MaxLength(128)
  scheme!: string;

  @ApiProperty({ description: 'The scheme’s own grade code', maxLength: 8 })
  @Matches(/^[A-Z0-9][A-Z0-9+-]{0,7}$/)
  grade!: string;

  @ApiPropertyOptional({ description: 'YYYY-MM-DD in Asia/Shanghai; today if left out', format: 'date' })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  day?: string;

  @ApiPropertyOptional({ description: 'Of the scheme version; the newest declared if left out' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{22,43}$/)
  fingerprint?: string;
}

class TableAnswer {
  @ApiProperty()
  id!: string;

  @ApiProperty({ type: 'integer' })
  version!: number;

  @ApiProperty()
  digest!: string;

  @ApiProperty({ format: 'date' })
  effectiveFrom!: string;
}

export class BandLookUpAnswer {
  @ApiProperty()
  scheme!: string;

  @ApiProperty({ type: String, nullable: true, description: 'null when the scheme is not declared at all' })
  fingerprint!: string | null;

  @ApiProperty()
  grade!: string;

  @ApiProperty({ format: 'date' })
  day!: string;

  @ApiProperty({ enum: BANDS, nullable: true })
  band!: Band | null;

  @ApiProperty({ type: TableAnswer, nullable: true, description: 'The version in effect on that day' })
  table!: TableAnswer | null;

  @ApiPropertyOptional({ enum: ['not_declared', 'unmapped', 'suspended', 'excluded'], description: 'Why no band' })
  reason?: NoBandReason;
}
