import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INSTANT, INSTANT_OR_NULL } from '../instant-column.js';

/** One resident on one phone. There is at most one live enrolment of a resident. */
@Entity('enrolment')
export class EnrolmentEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'resident_id' })
  residentId!: string;

  /** RFC 7638. One phone may hold several people's proofs, so it is not unique. */
  @Column('text', { name: 'device_thumbprint' })
  deviceThumbprint!: string;

  @Column('text', { name: 'device_x' })
  deviceX!: string;

  @Column('text', { name: 'device_y' })
  deviceY!: string;

  @Column({ ...INSTANT, name: 'made_at' })
  madeAt!: number;

  @Column({ ...INSTANT_OR_NULL, name: 'ended_at' })
  endedAt!: number | null;
}
