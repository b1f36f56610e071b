import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsObject, IsOptional, Matches, Validate, ValidateNested } from 'class-validator';
import type { Benefit } from '#libs/scheme';
import { CalendarDay } from '../calendar-day.js';
import { CLIENT_KEY } from '../ledger/ledger.dto.js';
import { ReadableText } from '../readable-text.js';
import { HANDLE } from '../residents/residents.dto.js';

class BenefitAnswer {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  label!: string;

  @ApiPropertyOptional({ description: 'The organisation that alone may ask; left out: any provider of the place' })
  provider?: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'As the scheme document says it' })
  requires!: Benefit['requires'];

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'As the scheme document says it' })
  effect!: Benefit['effect'];
}

export class BenefitsAnswer {
  @ApiProperty({ type: [BenefitAnswer] })
  benefits!: readonly BenefitAnswer[];
}

class WrittenConsentBody {
  @ApiProperty({ maxLength: 100, description: 'Number of the paper that the resident has signed' })
  @ReadableText(100)
  document!: string;
}

export class BenefitCheckRequest {
  @ApiProperty({ description: "The client's idempotency key", pattern: CLIENT_KEY.source })
  @Matches(CLIENT_KEY)
  key!: string;

  @ApiProperty({ description: 'Id of a scheme' })
  @Matches(CLIENT_KEY)
  scheme!: string;

  @ApiProperty({ description: 'Id of a benefit of the scheme' })
  @Matches(CLIENT_KEY)
  benefit!: string;

  @ApiProperty({ description: 'Handle' })
  @Matches(HANDLE)
  subject!: string;

  @ApiPropertyOptional({ type: WrittenConsentBody, description: 'Asked for where the benefit is credit' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => WrittenConsentBody)
  consent?: WrittenConsentBody;
}

export class BenefitCheckAnswer {
  @ApiProperty({ description: 'Nothing else is said' })
  given!: boolean;
}

class NeedBody {
  @ApiProperty({ maxLength: 20, example: '低保户', description: 'In the words of the scheme documents' })
  @ReadableText(20)
  need!: string;

  @ApiProperty({ format: 'date', description: 'The first day, Asia/Shanghai' })
  @Validate(CalendarDay)
  from!: string;

  @ApiPropertyOptional({ format: 'date', description: 'The last day' })
  @IsOptional()
  @Validate(CalendarDay)
  to?: string;

  @ApiProperty({ maxLength: 100, description: 'Number of the document that says so' })
  @ReadableText(100)
  document!: string;
}

export class NeedsRequest {
  @ApiProperty({ type: [NeedBody], maxItems: 20, description: 'All that stand; what is left out is void' })
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => NeedBody)
  needs!: NeedBody[];
}

export class NeedsAnswer {
  @ApiProperty({ type: [NeedBody] })
  needs!: readonly NeedBody[];
}
