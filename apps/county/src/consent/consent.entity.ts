import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INSTANT, INSTANT_OR_NULL } from '../instant-column.js';

/** A resident's separate consent that a partner may be shown a proof (PIPL art. 23). Withdrawn, never deleted. */
@Entity('consent')
export class ConsentEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'resident_id' })
  residentId!: string;

  /** Where it was given. */
  @Column('uuid', { name: 'enrolment_id' })
  enrolmentId!: string;

  @Column('text')
  partner!: string;

  @Column('text')
  purpose!: string;

  @Column('text', { name: 'data_kind' })
  dataKind!: 'tier' | 'badge';

  /** Of a badge: the scheme that gives it. */
  @Column('text', { name: 'scheme_id', nullable: true })
  schemeId!: string | null;

  @Column({ ...INSTANT, name: 'given_at' })
  givenAt!: number;

  @Column({ ...INSTANT_OR_NULL, name: 'withdrawn_at' })
  withdrawnAt!: number | null;
}
