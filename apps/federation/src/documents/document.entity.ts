import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DocumentType } from '#libs/alliance';
import { SAFE_INTEGER } from '../safe-integer.column.js';

/** The life of a document (design §4.4). Nothing is ever deleted. */
export const DOCUMENT_STATES = ['draft', 'submitted', 'complete', 'published', 'superseded'] as const;
export type DocumentState = (typeof DOCUMENT_STATES)[number];

@Entity('document')
export class DocumentEntity {
  @PrimaryColumn('text')
  digest!: string;

  @Column('text')
  type!: DocumentType;

  /** The document's own `id`. */
  @Column('text', { name: 'subject_id' })
  subjectId!: string;

  /** What versions count within: a (type, id), or the (scheme, fingerprint) of a table or declaration. */
  @Column('text')
  series!: string;

  @Column('integer')
  version!: number;

  /** Tables only: the first day. */
  @Column('text', { name: 'effective_from', nullable: true })
  effectiveFrom!: string | null;

  @Column('text')
  payload!: string;

  @Column('text')
  state!: DocumentState;

  @Column({ ...SAFE_INTEGER, name: 'filed_at' })
  filedAt!: number;

  @Column('text', { name: 'filed_by' })
  filedBy!: string;

  @Column({ ...SAFE_INTEGER, name: 'submitted_at', nullable: true })
  submittedAt!: number | null;

  @Column({ ...SAFE_INTEGER, name: 'completed_at', nullable: true })
  completedAt!: number | null;

  @Column({ ...SAFE_INTEGER, name: 'published_at', nullable: true })
  publishedAt!: number | null;
}
