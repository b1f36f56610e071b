import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INSTANT, INSTANT_OR_NULL } from '../instant-column.js';

/** A one-time code the desk gave to a resident; only its digest is kept. */
@Entity('enrolment_code')
export class EnrolmentCodeEntity {
  @PrimaryColumn('text')
  selector!: string;

  @Column('uuid', { name: 'resident_id' })
  residentId!: string;

  @Column('text', { name: 'secret_digest' })
  secretDigest!: string;

  @Column({ ...INSTANT, name: 'made_at' })
  madeAt!: number;

  @Column({ ...INSTANT, name: 'expires_at' })
  expiresAt!: number;

  /** Every try counts, also the right one. */
  @Column('integer', { default: 0 })
  attempts!: number;

  /** A newer code takes the place of an older one. */
  @Column({ ...INSTANT_OR_NULL, name: 'voided_at' })
  voidedAt!: number | null;

  /** What the code was used for. */
  @Column('uuid', { name: 'enrolment_id', nullable: true })
  enrolmentId!: string | null;
}
