import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SchemeDeclaration } from '#libs/scheme';
import { INSTANT } from '../instant-column.js';

/** What this county has declared of a scheme to the federation. */
@Entity('scheme_declaration')
export class SchemeDeclarationEntity {
  @PrimaryColumn('text', { name: 'scheme_id' })
  schemeId!: string;

  @PrimaryColumn('text')
  fingerprint!: string;

  /** Of the signed payload. */
  @PrimaryColumn('text')
  digest!: string;

  @Column('jsonb')
  payload!: SchemeDeclaration;

  @Column({ ...INSTANT, name: 'declared_at' })
  declaredAt!: number;
}
