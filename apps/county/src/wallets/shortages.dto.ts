import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { CLIENT_KEY } from '../ledger/ledger.dto.js';
import { HANDLE } from '../residents/residents.dto.js';

export class ShortagesQuery {
  @ApiPropertyOptional({ description: 'Id of a scheme' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  scheme?: string;
}

export class SettleShortageRequest {
  @ApiProperty({ description: "The client's idempotency key", pattern: CLIENT_KEY.source })
  @Matches(CLIENT_KEY)
  key!: string;

  @ApiProperty({ description: 'Id of a scheme' })
  @Matches(CLIENT_KEY)
  scheme!: string;

  @ApiProperty({ description: 'Handle of the subject' })
  @Matches(HANDLE)
  subject!: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  points!: number;

  @ApiProperty({ maxLength: 500, description: 'Paid otherwise, or why it is waived' })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  reason!: string;
}

export class ShortageAnswer {
  @ApiProperty()
  scheme!: string;

  @ApiProperty({ description: 'Handle' })
  subject!: string;

  @ApiProperty()
  place!: string;

  @ApiProperty({ type: 'integer', description: 'Open points' })
  points!: number;
}

export class ShortagesAnswer {
  @ApiProperty({ type: [ShortageAnswer] })
  shortages!: readonly ShortageAnswer[];
}
