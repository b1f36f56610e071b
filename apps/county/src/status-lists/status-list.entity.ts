import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INSTANT_OR_NULL } from '../instant-column.js';

/** A status list: the bits as they are now, and the token that was last signed over them. */
@Entity('status_list')
export class StatusListEntity {
  /** The number at the end of its uri. */
  @PrimaryColumn('integer')
  list!: number;

  @Column('text', { unique: true })
  uri!: string;

  /** One bit per index, least significant first (Token Status List §4.1). */
  @Column('bytea')
  bits!: Buffer;

  /** Counts the changes of the bits. */
  @Column('integer')
  version!: number;

  /** The version the token was signed over. */
  @Column('integer', { name: 'signed_version', nullable: true })
  signedVersion!: number | null;

  @Column('text', { nullable: true })
  token!: string | null;

  /** base64url SHA-256 of the token, for HTTP only. */
  @Column('text', { name: 'token_digest', nullable: true })
  tokenDigest!: string | null;

  /** The token's `iat`. Kept here it never falls back, whichever process signs and however often it restarts. */
  @Column({ ...INSTANT_OR_NULL, name: 'token_iat' })
  tokenIat!: number | null;
}
