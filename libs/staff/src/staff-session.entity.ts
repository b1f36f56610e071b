import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { StaffAccountEntity } from './staff-account.entity.js';

/** A signed-in account. Only the token's SHA-256 is kept: reading this table signs nobody in. */
@Entity('staff_session')
export class StaffSessionEntity {
  /** SHA-256 of the token, base64url. */
  @PrimaryColumn('text', { name: 'token_digest' })
  tokenDigest!: string;

  @Column('uuid', { name: 'account_id' })
  accountId!: string;

  @ManyToOne(() => StaffAccountEntity, { nullable: false })
  @JoinColumn({ name: 'account_id' })
  account!: Relation<StaffAccountEntity>;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true })
  revokedAt!: Date | null;
}
