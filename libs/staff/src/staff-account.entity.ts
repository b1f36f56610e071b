import { Column, Entity, PrimaryColumn } from 'typeorm';

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

  @Column('text', { array: true })
  roles!: string[];

  /** The place code or the site id the account is confined to; null for the whole service. */
  @Column('text', { nullable: true })
  scope!: string | null;

  /** Made for a demonstration, with a printed password. */
  @Column('boolean')
  sample!: boolean;

  @Column('timestamptz', { name: 'disabled_at', nullable: true })
  disabledAt!: Date | null;
}
