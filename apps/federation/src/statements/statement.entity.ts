import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SAFE_INTEGER } from '../safe-integer.column.js';

/** A statement that was accepted; a repetition gets the same answer. */
@Entity('statement')
export class StatementEntity {
  @PrimaryColumn('text')
  issuer!: string;

  @PrimaryColumn('text')
  jti!: string;

  /** Of the signing input: one `jti` says one thing. */
  @Column('text', { name: 'content_digest' })
  contentDigest!: string;

  @Column('text')
  kind!: string;

  @Column('text', { name: 'document_digest' })
  documentDigest!: string;

  @Column({ ...SAFE_INTEGER, name: 'received_at' })
  receivedAt!: number;
}
