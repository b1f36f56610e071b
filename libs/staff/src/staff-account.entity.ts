import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Grant } from './grants.js';

/** A person of an organisation who may use administrative routes. Accounts are disabled, never deleted. */
@Entity('staff_account')
export class StaffAccountEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { unique: true })
  username!: string;

  /** argon2id in PHC string form; never selected by accident. */
  @Column('text', { name: 'password_hash', select: false })
  passwordHash!: string;

  @Column('text', { name: 'display_name' })
  displayName!: string;

  @Column('text')
  organisation!: string;

  @Column('jsonb')
  grants!: readonly Grant[];

  /** The subject (a resident) whose account it is; null where it belongs to no subject of this service. */
  @Column('uuid', { name: 'subject_id', nullable: true })
  subjectId!: string | null;

  /** Until when the password may be exchanged for one of the person's own, which signs in; null for such a one. */
  @Column('timestamptz', { name: 'one_time_until', nullable: true })
  oneTimeUntil!: Date | null;

  /** Made for a demonstration, with a printed password. */
  @Column('boolean')
  sample!: boolean;

  @Column('timestamptz', { name: 'disabled_at', nullable: true })
  disabledAt!: Date | null;
}
