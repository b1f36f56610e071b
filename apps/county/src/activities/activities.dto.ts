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
  Validate,
  ValidateNested,
} from 'class-validator';
import { CalendarDay } from '../calendar-day.js';
import { CLIENT_KEY } from '../ledger/ledger.dto.js';
import { ReadableText } from '../readable-text.js';
import { HANDLE } from '../residents/residents.dto.js';

const MOST_HOURS = 24;

export class CallRequest {
  @ApiProperty({ description: "The client's idempotency key", pattern: CLIENT_KEY.source })
  @Matches(CLIENT_KEY)
  key!: string;

  @ApiProperty({ description: 'Id of a scheme' })
  @Matches(CLIENT_KEY)
  scheme!: string;

  @ApiProperty({ description: 'Id of a kind of activity of the scheme', example: 'road-call' })
  @Matches(CLIENT_KEY)
  kind!: string;

  @ApiProperty({ description: 'Id of the place where it is held' })
  @Matches(CLIENT_KEY)
  place!: string;

  @ApiProperty({ format: 'date', description: 'Asia/Shanghai' })
  @Validate(CalendarDay)
  day!: string;

  @ApiProperty({ maxLength: 100, example: '清扫村路' })
  @ReadableText(100)
  title!: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MOST_HOURS })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_HOURS)
  hoursExpected?: number;
}

export class ActivitiesQuery {
  @ApiPropertyOptional({ description: 'Id of a scheme' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  scheme?: string;
}

export class CallsQuery {
  @ApiProperty({ description: 'Id of a place' })
  @Matches(CLIENT_KEY)
  place!: string;
}

export class SignUpRequest {
  @ApiProperty({ description: 'Handle' })
  @Matches(HANDLE)
  subject!: string;
}

class SheetRowBody {
  @ApiProperty({ description: 'Handle' })
  @Matches(HANDLE)
  subject!: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    description: 'Whole hours; asked for where the rule counts them',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_HOURS)
  hours?: number;
}

export class SheetRequest {
  @ApiProperty({ description: "The client's idempotency key", pattern: CLIENT_KEY.source })
  @Matches(CLIENT_KEY)
  key!: string;

  @ApiPropertyOptional({
    type: [SheetRowBody],
    maxItems: 500,
    description: 'Who signed in; not for a kind without a rule',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => SheetRowBody)
  rows?: SheetRowBody[];

  @ApiPropertyOptional({ description: 'Handle of a group, for a kind without a rule' })
  @IsOptional()
  @Matches(HANDLE)
  group?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'How many took part, for a kind without a rule' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  heads?: number;
}

/** What everybody may know of a call. */
export class CallAnswer {
  @ApiProperty({ format: 'uuid' })
  activity!: string;

  @ApiProperty()
  scheme!: string;

  @ApiProperty()
  kind!: string;

  @ApiProperty()
  place!: string;

  @ApiProperty({ format: 'date' })
  day!: string;

  @ApiProperty()
  title!: string;

  @ApiProperty({ type: 'integer', nullable: true })
  hoursExpected!: number | null;
}

export class CallsAnswer {
  @ApiProperty({ type: [CallAnswer] })
  activities!: readonly CallAnswer[];
}

export class ActivityAnswer extends CallAnswer {
  @ApiProperty({ description: 'User name of who called' })
  calledBy!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Unix seconds; null while it is open' })
  closedAt!: number | null;
}

export class ActivitiesAnswer {
  @ApiProperty({ type: [ActivityAnswer] })
  activities!: readonly ActivityAnswer[];
}

class SignedUpAnswer {
  @ApiProperty({ description: 'Handle' })
  subject!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  at!: number;
}

class SignedInAnswer {
  @ApiProperty({ description: 'Handle' })
  subject!: string;

  @ApiProperty({ type: 'integer', nullable: true })
  hours!: number | null;
}

export class ActivityDetailAnswer extends ActivityAnswer {
  @ApiProperty({ type: [SignedUpAnswer] })
  signUps!: readonly SignedUpAnswer[];

  @ApiProperty({ type: [SignedInAnswer], description: 'Who signed in; nobody before, and of a log' })
  rows!: readonly SignedInAnswer[];

  @ApiProperty({ type: String, nullable: true, description: 'Handle of the group of a log' })
  group!: string | null;

  @ApiProperty({ type: 'integer', description: 'How many took part' })
  heads!: number;
}

class PostedEntryAnswer {
  @ApiProperty({ description: 'Handle' })
  subject!: string;

  @ApiProperty({ description: 'Id of the ledger entry' })
  entry!: string;
}

export class PostedSheetAnswer {
  @ApiProperty({ type: [PostedEntryAnswer], description: 'In the order of the sheet; none for a log' })
  entries!: readonly PostedEntryAnswer[];

  @ApiProperty({ type: 'integer' })
  heads!: number;
}
