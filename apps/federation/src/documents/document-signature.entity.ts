import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SAFE_INTEGER } from '../safe-integer.column.js';

/** A signature that was verified over a document's payload with the key its `kid` names. */
@Entity('document_signature')
export class DocumentSignatureEntity {
  @PrimaryColumn('text')
  digest!: string;

  @PrimaryColumn('text')
  kid!: string;

  /** Of the signer when it signed. Whether it counts is judged anew whenever keys or officers change. */
  @Column('text')
  organisation!: string;

  @Column('text')
  role!: 'owner' | 'officer';

  @Column('text')
  jws!: string;

  @Column({ ...SAFE_INTEGER, name: 'received_at' })
  receivedAt!: number;

  @Column('text', { name: 'received_by' })
  receivedBy!: string;
}
