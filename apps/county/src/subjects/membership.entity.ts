import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INSTANT, INSTANT_OR_NULL } from '../instant-column.js';
import type { Relation } from './membership-rules.js';

/** Who belongs to what, from when to when. A row that is void was recorded by mistake or replaced in a merge. */
@Entity('membership')
export class MembershipEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  relation!: Relation;

  @Column('uuid')
  member!: string;

  @Column('uuid')
  of!: string;

  /** First day, Asia/Shanghai. */
  @Column('date', { name: 'from_day' })
  fromDay!: string;

  /** Last day, included; null while it lasts. */
  @Column('date', { name: 'to_day', nullable: true })
  toDay!: string | null;

  @Column({ ...INSTANT, name: 'recorded_at' })
  recordedAt!: number;

  @Column('uuid', { name: 'made_by_merge', nullable: true })
  madeByMerge!: string | null;

  /** When its last day was set or taken back. */
  @Column({ ...INSTANT_OR_NULL, name: 'changed_at' })
  changedAt!: number | null;

  @Column({ ...INSTANT_OR_NULL, name: 'voided_at' })
  voidedAt!: number | null;

  @Column('uuid', { name: 'voided_by_merge', nullable: true })
  voidedByMerge!: string | null;
}
