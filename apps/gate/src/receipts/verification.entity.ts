import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Grant } from '#libs/verifier';
import { UNIX_SECONDS, UNIX_SECONDS_OR_NULL } from '../unix-seconds.column.js';

/** A grant, or a visit that a clerk was asked to check: its signed receipt and what was signed about it later. */
@Entity('verification')
export class VerificationEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  partner!: string;

  @Column('text')
  site!: string;

  @Column('text')
  offer!: string;

  @Column('text')
  verdict!: 'granted' | 'check_by_hand';

  /** False for a re-entry: free, and nothing to settle. */
  @Column('boolean')
  counted!: boolean;

  @Column({ ...UNIX_SECONDS, name: 'decided_at' })
  decidedAt!: number;

  /** What was told with the verdict, for a repeat. */
  @Column('jsonb')
  granted!: Grant;

  @Column('text')
  receipt!: string;

  @Column('text', { nullable: true })
  decision!: 'accepted' | 'declined' | null;

  @Column('text', { name: 'decision_record', nullable: true })
  decisionRecord!: string | null;

  @Column({ ...UNIX_SECONDS_OR_NULL, name: 'decision_at' })
  decisionAt!: number | null;

  @Column({ ...UNIX_SECONDS_OR_NULL, name: 'voided_at' })
  voidedAt!: number | null;

  @Column('text', { name: 'void_reason', nullable: true })
  voidReason!: string | null;

  @Column('text', { name: 'void_record', nullable: true })
  voidRecord!: string | null;
}
