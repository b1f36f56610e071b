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
import type { DocumentType } from './document-number.js';
import type { OwnEnd } from './endings.service.js';
import type { Relation } from './membership-rules.js';

const SUBJECT_KINDS = ['person', 'household', 'building', 'group', 'post', 'enterprise'] as const;
const DOCUMENT_TYPES = ['resident_id', 'other'] as const;
const DOOR_NUMBER = /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}#（）() -]{0,39}$/u;
const SUBJECT_NAME = /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}·.’'（）() -]{0,59}$/u;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MESSAGE = { message: 'must be a day, YYYY-MM-DD' };
const NAME_MESSAGE = { message: 'must be a name of 1 to 60 letters and digits' };
const DOOR_MESSAGE = { message: 'must be a door number of 1 to 40 letters and digits' };

/** Checks a member where it is there; `null` is not the same as leaving it out. */
function IfGiven(): PropertyDecorator {
  return ValidateIf((_body: unknown, value: unknown) => value !== undefined);
}

export class DocumentNumber {
  @ApiProperty({
    enum: DOCUMENT_TYPES,
    description: 'resident_id: GB 11643, checked; other: 5 to 30 letters and digits',
  })
  @IsIn(DOCUMENT_TYPES)
  type!: DocumentType;

  @ApiProperty({ maxLength: 60, description: 'As written; kept encrypted, and never given out' })
  @IsString()
  @MaxLength(60)
  number!: string;
}

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

export class NewMembershipBody {
  @ApiProperty({ description: 'Handle of the member' })
  @Matches(HANDLE)
  member!: string;

  @ApiProperty({ description: 'Handle of what it is a member of; of the parent, for child_of' })
  @Matches(HANDLE)
  of!: string;

  @ApiPropertyOptional({ enum: ['member_of', 'child_of'], default: 'member_of' })
  @IfGiven()
  @IsIn(['member_of', 'child_of'])
  relation?: Relation;

  @ApiProperty({ format: 'date', description: 'First day, Asia/Shanghai' })
  @Matches(DAY, DAY_MESSAGE)
  from!: string;

  @ApiPropertyOptional({ format: 'date', description: 'Last day, included' })
  @IfGiven()
  @Matches(DAY, DAY_MESSAGE)
  to?: string;
}

export class RecordMembershipsRequest {
  @ApiProperty({ type: [NewMembershipBody], maxItems: 500 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => NewMembershipBody)
  memberships!: NewMembershipBody[];
}

export class LeaveRequest {
  @ApiProperty({ description: 'Handle of the member' })
  @Matches(HANDLE)
  member!: string;

  @ApiProperty({ description: 'Handle of what it leaves' })
  @Matches(HANDLE)
  of!: string;

  @ApiProperty({ format: 'date', description: 'Last day, included' })
  @Matches(DAY, DAY_MESSAGE)
  to!: string;
}

export class TakeBackRequest {
  @ApiProperty({ description: 'Handle of the member' })
  @Matches(HANDLE)
  member!: string;

  @ApiProperty({ description: 'Handle of what it never was a member of' })
  @Matches(HANDLE)
  of!: string;

  @ApiProperty({ format: 'date', description: 'First day, as recorded' })
  @Matches(DAY, DAY_MESSAGE)
  from!: string;

  @ApiProperty({ maxLength: 200 })
  @IsString()
  @MaxLength(200)
  reason!: string;
}

export class EndSubjectRequest {
  @ApiProperty({
    enum: ['left', 'died', 'dissolved'],
    description: 'A person left or died; anything else is dissolved',
  })
  @IsIn(['left', 'died', 'dissolved'])
  cause!: OwnEnd;

  @ApiProperty({ format: 'date', description: 'The day it happened, Asia/Shanghai' })
  @Matches(DAY, DAY_MESSAGE)
  on!: string;
}

export class ReasonRequest {
  @ApiProperty({ maxLength: 200 })
  @IsString()
  @MaxLength(200)
  reason!: string;
}

export class MergeRequest extends ReasonRequest {
  @ApiProperty({ description: 'Handle of the record that stays' })
  @Matches(HANDLE)
  into!: string;
}

export class ResolveDoorRequest {
  @ApiProperty({ maxLength: 200, description: 'What was scanned or typed: the link, or its code' })
  @IsString()
  @MaxLength(200)
  door!: string;
}

export class DoorAnswer {
  @ApiProperty({
    example: 'https://rongcheng.example/d#7K3M9QXR20VBTN6E4H5J',
    description: 'To print; shown this once',
  })
  link!: string;
}

/** What staff are shown of a subject. */
export class SubjectAnswer {
  @ApiProperty()
  handle!: string;

  @ApiProperty({ enum: SUBJECT_KINDS })
  kind!: SubjectKind;

  @ApiProperty({ description: 'Id of the place' })
  place!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ type: String, nullable: true })
  doorNumber!: string | null;

  @ApiProperty({ type: 'integer', nullable: true })
  birthYear!: number | null;

  @ApiProperty({ type: String, nullable: true, description: 'Tells namesakes apart' })
  documentLast4!: string | null;

  @ApiProperty({ description: 'Whether it can be scored' })
  account!: boolean;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  endedOn!: string | null;

  @ApiProperty({ type: String, enum: ['left', 'died', 'dissolved', 'merged'], nullable: true })
  endCause!: OwnEnd | 'merged' | null;
}

export class TieAnswer {
  @ApiProperty({ enum: ['member_of', 'child_of'] })
  relation!: Relation;

  @ApiProperty({ description: 'Handle of the other' })
  handle!: string;

  @ApiProperty({ enum: SUBJECT_KINDS })
  kind!: SubjectKind;

  @ApiProperty({ format: 'date' })
  from!: string;

  @ApiProperty({ type: String, format: 'date', nullable: true })
  to!: string | null;
}

export class ShownSubjectAnswer extends SubjectAnswer {
  @ApiProperty({ type: [TieAnswer], description: 'What it belongs to, and its parents' })
  memberOf!: TieAnswer[];

  @ApiProperty({ type: [TieAnswer], description: 'What belongs to it, and its children' })
  members!: TieAnswer[];
}

export class FoundSubjectsAnswer {
  @ApiProperty({ type: [SubjectAnswer], description: 'Everybody who fits, by handle' })
  subjects!: SubjectAnswer[];

  @ApiProperty({ description: 'Whether there are more than fifty' })
  more!: boolean;
}

export class ResealedAnswer {
  @ApiProperty({ type: 'integer', description: 'How many numbers are under the active keys only now' })
  resealed!: number;
}
