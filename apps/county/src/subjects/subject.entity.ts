import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SubjectKind } from '#libs/scheme';
import { INSTANT, INSTANT_OR_NULL } from '../instant-column.js';

/** Why a subject's account is closed. What it earned stays as an archive. */
export type EndCause = 'left' | 'died' | 'dissolved' | 'merged';

/**
 * Whoever or whatever a scheme speaks of. A person with an account is also a resident, under the same id. The row is the lock
 * of the subject's memberships, doors and document; it is taken before the resident's, and several in the order of their ids.
 */
@Entity('subject')
export class SubjectEntity {
  /** Random; leaves the county in no document. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  kind!: SubjectKind;

  /** The county's own number. */
  @Column('text', { unique: true })
  handle!: string;

  /** Id of the place it belongs to. */
  @Column('text')
  place!: string;

  /** When it was last moved; `null` where it has always belonged to its place. */
  @Column({ ...INSTANT_OR_NULL, name: 'place_since' })
  placeSince!: number | null;

  /** Not unique: nothing is ever found by its name alone. */
  @Column('text')
  name!: string;

  /** Of a person. */
  @Column('integer', { name: 'birth_year', nullable: true })
  birthYear!: number | null;

  /** Of a household or building. */
  @Column('text', { name: 'door_number', nullable: true })
  doorNumber!: string | null;

  /** False for a minor, and for an adult who has not joined: counted as a member, never scored. */
  @Column('boolean', { name: 'has_account' })
  hasAccount!: boolean;

  @Column({ ...INSTANT, name: 'created_at' })
  createdAt!: number;

  /** The day it left, died, was dissolved or absorbed, Asia/Shanghai. */
  @Column('date', { name: 'ended_on', nullable: true })
  endedOn!: string | null;

  @Column('text', { name: 'end_cause', nullable: true })
  endCause!: EndCause | null;

  /** The subject that this one turned out to be. */
  @Column('uuid', { name: 'merged_into', nullable: true })
  mergedInto!: string | null;
}
