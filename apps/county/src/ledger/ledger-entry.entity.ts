import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EntryState } from '#libs/scheme';
import { INSTANT } from '../instant-column.js';

/** What happened, under which rule. Append-only: the database refuses to change anything but the state (design §5). */
@Entity('ledger_entry')
export class LedgerEntryEntity {
  /** The collector's idempotency key. */
  @PrimaryColumn('text')
  id!: string;

  @Column('uuid', { name: 'resident_id' })
  residentId!: string;

  @Column('text', { name: 'scheme_id' })
  schemeId!: string;

  @Column('integer', { name: 'scheme_version' })
  schemeVersion!: number;

  @Column('text', { name: 'rule_id' })
  ruleId!: string;

  /** Whole units of the rule; 1 for a rule without a unit. */
  @Column('integer')
  quantity!: number;

  /** `YYYY-MM-DD`, Asia/Shanghai. */
  @Column('date', { name: 'occurred_on' })
  occurredOn!: string;

  @Column({ ...INSTANT, name: 'recorded_at' })
  recordedAt!: number;

  @Column('text', { name: 'recorded_by' })
  recordedBy!: string;

  @Column('text')
  state!: EntryState;
}
