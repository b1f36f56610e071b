import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INSTANT, INSTANT_OR_NULL } from '../instant-column.js';

/** Who signed in, or of a log how many, and which group: no names. */
export type Sheet =
  | { readonly rows: readonly { readonly subject: string; readonly hours: number | null }[] }
  | { readonly group: string | null; readonly heads: number };

/** A call for hands: called once, and closed once by its sign-in sheet. Its row is the lock of both. */
@Entity('activity')
export class ActivityEntity {
  @PrimaryColumn('uuid')
  id!: string;

  /** Idempotency key of the call. */
  @Column('text')
  key!: string;

  @Column('text', { name: 'scheme_id' })
  schemeId!: string;

  /** Id of the kind in the scheme document. */
  @Column('text')
  kind!: string;

  @Column('text')
  place!: string;

  @Column('date')
  day!: string;

  @Column('text')
  title!: string;

  @Column('integer', { name: 'hours_expected', nullable: true })
  hoursExpected!: number | null;

  @Column('text', { name: 'called_by' })
  calledBy!: string;

  @Column({ ...INSTANT, name: 'called_at' })
  calledAt!: number;

  /** Idempotency key of the sheet. */
  @Column('text', { name: 'sheet_key', nullable: true })
  sheetKey!: string | null;

  @Column('jsonb', { nullable: true })
  sheet!: Sheet | null;

  @Column('text', { name: 'closed_by', nullable: true })
  closedBy!: string | null;

  @Column({ ...INSTANT_OR_NULL, name: 'closed_at' })
  closedAt!: number | null;
}
