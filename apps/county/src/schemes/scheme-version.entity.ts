import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SchemeDocument, WrittenScheme } from '#libs/scheme';
import { INSTANT } from '../instant-column.js';

/** A scheme document that holds or held in this county, append-only. Content that changed under one version number shows as a second digest. */
@Entity('scheme_version')
export class SchemeVersionEntity {
  @PrimaryColumn('text', { name: 'scheme_id' })
  schemeId!: string;

  @PrimaryColumn('integer')
  version!: number;

  /** base64url SHA-256 of the document's canonical JSON. */
  @PrimaryColumn('text')
  digest!: string;

  @Column('text')
  fingerprint!: string;

  @Column('text', { name: 'catalogue_digest' })
  catalogueDigest!: string;

  @Column('jsonb')
  document!: SchemeDocument;

  /** As it was adopted, without what it inherits; null for one recorded before children could inherit. */
  @Column('jsonb', { nullable: true })
  written!: WrittenScheme | null;

  /** Who recorded the adoption; null for a document of the county's folder. */
  @Column('text', { name: 'adopted_by', nullable: true })
  adoptedBy!: string | null;

  @Column({ ...INSTANT, name: 'recorded_at' })
  recordedAt!: number;
}
