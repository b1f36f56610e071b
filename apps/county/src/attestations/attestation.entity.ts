import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INSTANT, INSTANT_OR_NULL } from '../instant-column.js';
import type { RevocationCause } from './holder-key.entity.js';

/** What was issued, a tier attestation or a badge, never the token itself: for whom, until when, at which place of the status list. */
@Entity('attestation')
export class AttestationEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'resident_id' })
  residentId!: string;

  @Column('text')
  partner!: string;

  /** Thumbprint of the holder key. */
  @Column('text')
  holder!: string;

  @Column('integer')
  list!: number;

  @Column('integer')
  index!: number;

  /** The weekly epoch. */
  @Column(INSTANT)
  iat!: number;

  @Column(INSTANT)
  exp!: number;

  /** The highest grade issued at this place. */
  @Column('text')
  grade!: string;

  @Column('text')
  fingerprint!: string;

  /** Of a badge: the scheme and grading that give it, and whose grade it rests on; null of a tier attestation. */
  @Column('text', { name: 'badge_scheme', nullable: true })
  badgeScheme!: string | null;

  @Column('text', { name: 'badge_grading', nullable: true })
  badgeGrading!: string | null;

  @Column('uuid', { name: 'badge_subject', nullable: true })
  badgeSubject!: string | null;

  @Column({ ...INSTANT, name: 'issued_at' })
  issuedAt!: number;

  @Column({ ...INSTANT_OR_NULL, name: 'revoked_at' })
  revokedAt!: number | null;

  @Column('text', { nullable: true })
  cause!: RevocationCause | null;
}
