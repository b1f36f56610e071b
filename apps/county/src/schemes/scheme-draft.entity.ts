import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { WrittenScheme } from '#libs/scheme';
import { INSTANT } from '../instant-column.js';

/** A version of a scheme that is being written; it holds nowhere until it is adopted. */
@Entity('scheme_draft')
export class SchemeDraftEntity {
  @PrimaryColumn('text', { name: 'scheme_id' })
  schemeId!: string;

  @PrimaryColumn('integer')
  version!: number;

  @Column('text')
  place!: string;

  @Column('jsonb')
  written!: WrittenScheme;

  @Column('text', { name: 'drafted_by' })
  draftedBy!: string;

  @Column({ ...INSTANT, name: 'drafted_at' })
  draftedAt!: number;
}
