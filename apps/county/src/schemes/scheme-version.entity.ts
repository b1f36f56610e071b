import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SchemeDocument } from '#libs/scheme';
import { INSTANT } from '../instant-column.js';

/** A scheme document this service has run with. Content that changed under one version number shows as a second digest. */
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

  @Column({ ...INSTANT, name: 'recorded_at' })
  recordedAt!: number;
}
