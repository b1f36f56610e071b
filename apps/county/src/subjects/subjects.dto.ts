import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { SubjectKind } from '#libs/scheme';
import { PLACE_ID } from '../places/places.dto.js';
import { HANDLE } from '../residents/residents.dto.js';
import { DocumentNumber } from './documents.dto.js';
import { SUBJECT_KINDS, IfGiven } from './member-checks.js';

const DOOR_NUMBER = /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}#（）() -]{0,39}$/u;
const SUBJECT_NAME = /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}·.’'（）() -]{0,59}$/u;
const NAME_MESSAGE = { message: 'must be a name of 1 to 60 letters and digits' };
const DOOR_MESSAGE = { message: 'must be a door number of 1 to 40 letters and digits' };

export class NewSubjectBody {
  @ApiProperty({ pattern: HANDLE.source, example: 'nj-0001', description: "The county's own number" })
  @Matches(HANDLE)
  handle!: string;

  @ApiProperty({ enum: SUBJECT_KINDS })
  @IsIn(SUBJECT_KINDS)
  kind!: SubjectKind;

  @ApiProperty({ example: '371002101-nanjiao', description: 'Id of the place it belongs to' })
  @Matches(PLACE_ID)
  @MaxLength(64)
  place!: string;

  @ApiProperty({ maxLength: 60, example: '王小明' })
  @IsString()
  @Matches(SUBJECT_NAME, NAME_MESSAGE)
  name!: string;

  @ApiPropertyOptional({ maxLength: 40, example: '12号', description: 'Of a household or building' })
  @IfGiven()
  @IsString()
  @Matches(DOOR_NUMBER, DOOR_MESSAGE)
  doorNumber?: string;

  @ApiPropertyOptional({ type: 'integer', example: 1980, description: 'Of a person, and needed there' })
  @IfGiven()
  @IsInt()
  @Min(1880)
  @Max(9999)
  birthYear?: number;

  @ApiPropertyOptional({
    default: true,
    description: 'Of a person: false for a child, or an adult who has not joined. Counted as a member, never scored',
  })
  @IfGiven()
  @IsBoolean()
  account?: boolean;

  @ApiPropertyOptional({ pattern: '^[0-9A-Z]{4}$', description: 'Of a person with an account, without `document`' })
  @IfGiven()
  @Matches(/^[0-9A-Z]{4}$/)
  documentLast4?: string;

  @ApiPropertyOptional({ type: DocumentNumber, description: 'Of a person with an account, without `documentLast4`' })
  @IfGiven()
  @ValidateNested()
  @Type(() => DocumentNumber)
  document?: DocumentNumber;
}

export class RecordSubjectsRequest {
  @ApiProperty({ type: [NewSubjectBody], maxItems: 500 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => NewSubjectBody)
  subjects!: NewSubjectBody[];
}

export class ChangeSubjectRequest {
  @ApiPropertyOptional({ description: 'Id of the place it moves to' })
  @IfGiven()
  @Matches(PLACE_ID)
  @MaxLength(64)
  place?: string;

  @ApiPropertyOptional({ maxLength: 60 })
  @IfGiven()
  @IsString()
  @Matches(SUBJECT_NAME, NAME_MESSAGE)
  name?: string;

  @ApiPropertyOptional({ maxLength: 40 })
  @IfGiven()
  @IsString()
  @Matches(DOOR_NUMBER, DOOR_MESSAGE)
  doorNumber?: string;
}

export class OpenAccountRequest {
  @ApiProperty({ pattern: '^[0-9A-Z]{4}$' })
  @Matches(/^[0-9A-Z]{4}$/)
  documentLast4!: string;
}

export class SearchSubjectsRequest {
  @ApiProperty({ description: 'Id of the place to search in, with all that lies in it' })
  @Matches(PLACE_ID)
  @MaxLength(64)
  place!: string;

  @ApiPropertyOptional({ maxLength: 60, description: 'The whole name; or `doorNumber`' })
  @ValidateIf(({ name, doorNumber }: SearchSubjectsRequest) => name !== undefined || doorNumber === undefined)
  @IsString()
  @Matches(SUBJECT_NAME, NAME_MESSAGE)
  name?: string;

  @ApiPropertyOptional({ maxLength: 40, description: 'The whole door number' })
  @IfGiven()
  @IsString()
  @Matches(DOOR_NUMBER, DOOR_MESSAGE)
  doorNumber?: string;
}
