import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Party } from '#libs/offers';
import { UNIX_SECONDS } from '../unix-seconds.column.js';

/** A request to prove a band for one order (OpenID4VP). It holds nothing about who answered until something was granted. */
@Entity('verification_session')
export class VerificationSessionEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  site!: string;

  @Column('text')
  partner!: string;

  @Column('text')
  offer!: string;

  @Column('text', { name: 'order_ref' })
  orderRef!: string;

  @Column('jsonb')
  party!: Party;

  /** As asked; null: the day of the answer. */
  @Column('text', { name: 'visit_day', nullable: true })
  visitDay!: string | null;

  @Column('text', { name: 'client_id' })
  clientId!: string;

  @Column('text')
  nonce!: string;

  @Column({ ...UNIX_SECONDS, name: 'created_at' })
  createdAt!: number;

  @Column({ ...UNIX_SECONDS, name: 'expires_at' })
  expiresAt!: number;

  /** The grant it came to. */
  @Column('uuid', { name: 'verification_id', nullable: true })
  verificationId!: string | null;

  /** Digest of the proof that was granted. */
  @Column('text', { nullable: true })
  proof!: string | null;
}
