import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EntryState } from '#libs/scheme';
import { INSTANT } from '../instant-column.js';

/** What an entry rests on: a photo, a door scan, a sign-in sheet, a document, and where it is kept. */
export interface Evidence {
  readonly kind: 'photo' | 'door_scan' | 'sheet' | 'document';
  readonly ref: string;
}

/**
 * What happened, under which rule. Append-only: the database refuses to change anything but the state, the day it moves on and,
 * when two subjects turn out to be one, whose it is (design §5).
 */
@Entity('ledger_entry')
export class LedgerEntryEntity {
  /** The client's idempotency key; of what is credited besides, the origin's with a slash and the handle of who is credited. */
  @PrimaryColumn('text')
  id!: string;

  @Column('uuid', { name: 'subject_id' })
  subjectId!: string;

  @Column('text', { name: 'scheme_id' })
  schemeId!: string;

  /** The version in effect on the day it happened. */
  @Column('integer', { name: 'scheme_version' })
  schemeVersion!: number;

  @Column('text', { name: 'rule_id' })
  ruleId!: string;

  /** Whole units of the rule, or the points chosen from its range; 1 for a rule without either. */
  @Column('integer')
  quantity!: number;

  /** What an inspection found. */
  @Column('text', { nullable: true })
  label!: string | null;

  /** `YYYY-MM-DD`, Asia/Shanghai. */
  @Column('date', { name: 'occurred_on' })
  occurredOn!: string;

  @Column('jsonb')
  evidence!: readonly Evidence[];

  /** Why it takes back another. */
  @Column('text', { nullable: true })
  reason!: string | null;

  /** The entry it takes back. */
  @Column('text', { nullable: true })
  reverses!: string | null;

  /** The entry of the person whose household or parents it credits; it follows that entry's steps. */
  @Column('text', { name: 'credit_of', nullable: true })
  creditOf!: string | null;

  @Column({ ...INSTANT, name: 'recorded_at' })
  recordedAt!: number;

  /** User name of the account, or handle of the resident, that declared it. */
  @Column('text', { name: 'recorded_by' })
  recordedBy!: string;

  /** The subject the account belongs to. */
  @Column('uuid', { name: 'recorded_by_subject', nullable: true })
  recordedBySubject!: string | null;

  @Column('text')
  state!: EntryState;

  /** The day on which the calendar moves it on: into effect, or out of it. */
  @Column('date', { name: 'due_on', nullable: true })
  dueOn!: string | null;
}
