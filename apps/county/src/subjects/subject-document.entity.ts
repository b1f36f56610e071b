import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INSTANT } from '../instant-column.js';
import type { DocumentType } from './document-number.js';

/** A person's identity document: the number sealed, and a blind index to find it by. */
@Entity('subject_document')
export class SubjectDocumentEntity {
  @PrimaryColumn('uuid', { name: 'subject_id' })
  subjectId!: string;

  @Column('text')
  type!: DocumentType;

  /** The key the number is sealed under. */
  @Column('text', { name: 'key_id' })
  keyId!: string;

  @Column('bytea')
  sealed!: Buffer;

  /** The key of the blind index. */
  @Column('text', { name: 'index_key_id' })
  indexKeyId!: string;

  @Column('bytea', { unique: true })
  blind!: Buffer;

  @Column({ ...INSTANT, name: 'recorded_at' })
  recordedAt!: number;
}
