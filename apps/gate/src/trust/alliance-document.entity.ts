import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A signed document this gate once held under an accepted head; never deleted, so that receipts replay for ever. */
@Entity('alliance_document')
export class AllianceDocumentEntity {
  @PrimaryColumn('text')
  digest!: string;

  @Column('text')
  type!: string;

  /** Base64url of the canonical JSON. */
  @Column('text')
  payload!: string;

  @Column('text', { array: true })
  signatures!: string[];
}
