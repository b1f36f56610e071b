import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which documents stand under a `docs_root`. */
@Entity('document_set')
export class DocumentSetEntity {
  @PrimaryColumn('text', { name: 'docs_root' })
  docsRoot!: string;

  @Column('text', { array: true })
  digests!: string[];
}
