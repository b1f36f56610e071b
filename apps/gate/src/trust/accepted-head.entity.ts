import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SignedDocument } from '#libs/alliance';
import { UNIX_SECONDS } from '../unix-seconds.column.js';

/**
 * A head this gate accepted, with the delegation and round it stood under. The highest (anchor version, epoch, seq) under the
 * chain of anchors that leads from the pinned one is the present one.
 */
@Entity('accepted_head')
export class AcceptedHeadEntity {
  /** `anchorDigest` of the anchor whose roots were counted on the delegation; empty where that was not recorded yet. */
  @PrimaryColumn('text')
  anchor!: string;

  @PrimaryColumn(UNIX_SECONDS)
  epoch!: number;

  @PrimaryColumn(UNIX_SECONDS)
  seq!: number;

  @Column('text')
  digest!: string;

  @Column('text')
  head!: string;

  @Column('jsonb')
  delegation!: SignedDocument;

  @Column('jsonb')
  round!: SignedDocument;

  @Column('integer', { name: 'anchor_version' })
  anchorVersion!: number;

  @Column('text', { name: 'docs_root' })
  docsRoot!: string;

  @Column({ ...UNIX_SECONDS, name: 'accepted_at' })
  acceptedAt!: number;
}
