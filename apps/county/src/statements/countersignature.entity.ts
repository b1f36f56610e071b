import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INSTANT } from '../instant-column.js';

/** A document of the alliance that this county has signed. */
@Entity('countersignature')
export class CountersignatureEntity {
  /** Of the signed payload. */
  @PrimaryColumn('text')
  digest!: string;

  @Column('text')
  type!: 'table' | 'partner' | 'offer' | 'scheme';

  @Column('text', { name: 'document_id' })
  documentId!: string;

  /** Of a scheme 1: its fingerprint is its version. */
  @Column('integer')
  version!: number;

  @Column('jsonb')
  payload!: object;

  @Column('text', { name: 'signed_by' })
  signedBy!: string;

  @Column({ ...INSTANT, name: 'signed_at' })
  signedAt!: number;
}
