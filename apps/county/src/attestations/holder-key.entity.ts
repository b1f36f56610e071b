import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INSTANT, INSTANT_OR_NULL } from '../instant-column.js';

/**
 * The key of one resident's phone for one partner: one per enrolment and partner, for as long as the enrolment lasts. The
 * thumbprint is the primary key, so a key never serves a second partner, person or enrolment (pairwise, design §4.1).
 */
@Entity('holder_key')
export class HolderKeyEntity {
  /** RFC 7638. */
  @PrimaryColumn('text')
  thumbprint!: string;

  @Column('uuid', { name: 'resident_id' })
  residentId!: string;

  @Column('uuid', { name: 'enrolment_id' })
  enrolmentId!: string;

  @Column('text')
  partner!: string;

  @Column('text')
  x!: string;

  @Column('text')
  y!: string;

  @Column({ ...INSTANT, name: 'added_at' })
  addedAt!: number;

  @Column({ ...INSTANT_OR_NULL, name: 'ended_at' })
  endedAt!: number | null;

  @Column('text', { nullable: true })
  cause!: RevocationCause | null;
}

/** Why something ended before its time. Stays in the county; a gate sees only the bit. */
export type RevocationCause =
  'grade_dropped' | 'below_floor' | 'consent_withdrawn' | 're_enrolled' | 'revoked_by_officer' | 'account_closed';
