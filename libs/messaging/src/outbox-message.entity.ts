import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MessagePayload } from './deliverer.js';

/** A message that was decided together with the data of its transaction and is delivered afterwards. */
@Entity('outbox_message')
export class OutboxMessageEntity {
  /** Idempotency key, the same at every delivery. */
  @PrimaryColumn('text')
  id!: string;

  /** Order within a kind; a bigint, as text. */
  @Column({ type: 'bigint', insert: false, update: false })
  seq!: string;

  /** Messages of one kind are delivered in order, one after the other. */
  @Column('text')
  kind!: string;

  @Column('jsonb')
  payload!: MessagePayload;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('integer')
  attempts!: number;

  @Column('timestamptz', { name: 'next_attempt_at' })
  nextAttemptAt!: Date;

  @Column('timestamptz', { name: 'delivered_at', nullable: true })
  deliveredAt!: Date | null;

  /** Refused for good by the receiver; not tried again. */
  @Column('timestamptz', { name: 'rejected_at', nullable: true })
  rejectedAt!: Date | null;

  @Column('text', { name: 'last_error_code', nullable: true })
  lastErrorCode!: string | null;
}
