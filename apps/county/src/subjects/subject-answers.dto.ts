import { ApiProperty } from '@nestjs/swagger';
import type { SubjectKind } from '#libs/scheme';
import type { OwnEnd } from './endings.service.js';
import { SUBJECT_KINDS } from './member-checks.js';
import type { Relation } from './membership-rules.js';

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
