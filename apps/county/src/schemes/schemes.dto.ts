import { ApiProperty } from '@nestjs/swagger';
import { IsObject, IsString, MaxLength, MinLength, Validate } from 'class-validator';
import type { SchemeDocument, WrittenScheme } from '#libs/scheme';
import { CalendarDay } from '../calendar-day.js';

export class DraftRequest {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'A scheme document after config/schemas/scheme.schema.json; `adopted_by` is recorded on adoption',
  })
  @IsObject()
  document!: Record<string, unknown>;
}

export class AdoptionRequest {
  @ApiProperty({ example: '南郊村村民代表会议', description: 'Who decided' })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  body!: string;

  @ApiProperty({ format: 'date', description: 'When it was decided: today or before' })
  @Validate(CalendarDay)
  date!: string;

  @ApiProperty({ example: '村民代表会议决议 2026-3', description: 'Where the decision is kept' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  record!: string;
}

export class FindingAnswer {
  @ApiProperty()
  path!: string;

  @ApiProperty()
  message!: string;
}

export class DraftAnswer {
  @ApiProperty()
  id!: string;

  @ApiProperty({ type: 'integer' })
  version!: number;

  @ApiProperty()
  place!: string;

  @ApiProperty()
  draftedBy!: string;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  draftedAt!: number;
}

export class KeptDraftAnswer extends DraftAnswer {
  @ApiProperty({ type: [FindingAnswer], description: 'What its makers should think about before it is adopted' })
  warnings!: readonly FindingAnswer[];
}

export class DraftDocumentAnswer extends DraftAnswer {
  @ApiProperty({ type: 'object', additionalProperties: true })
  document!: WrittenScheme;
}

export class DraftsAnswer {
  @ApiProperty({ type: [DraftAnswer] })
  drafts!: readonly DraftAnswer[];
}

export class SchemeAnswer {
  @ApiProperty()
  id!: string;

  @ApiProperty({ type: 'integer' })
  version!: number;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  place!: string;

  @ApiProperty()
  kind!: string;

  @ApiProperty()
  basis!: string;

  @ApiProperty({ format: 'date', description: 'First day of the version' })
  from!: string;

  @ApiProperty({ description: 'base64url SHA-256 of the canonical document' })
  digest!: string;
}

export class SchemesAnswer {
  @ApiProperty({ type: [SchemeAnswer] })
  schemes!: readonly SchemeAnswer[];
}

export class SchemeDocumentAnswer extends SchemeAnswer {
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'The rules, with what they inherit' })
  document!: SchemeDocument;
}
