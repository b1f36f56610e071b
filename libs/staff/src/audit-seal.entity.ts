import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type SealHead } from './audit-seal.js';

/** A batch of audit records, sealed. The database itself refuses to change or delete one. */
@Entity('audit_seal')
export class AuditSealEntity implements SealHead {
  /** 1, 2, 3, … without a gap. */
  @PrimaryColumn('integer')
  seq!: number;

  /** Digest of the seal before; null for the first. */
  @Column('text', { nullable: true })
  prev!: string | null;

  @Column('integer')
  count!: number;

  /** Unix seconds. */
  @Column('integer', { name: 'sealed_at' })
  sealedAt!: number;

  /** `sealDigest` of all this and of the records. */
  @Column('text')
  digest!: string;
}
