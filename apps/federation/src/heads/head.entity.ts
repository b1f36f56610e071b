import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SAFE_INTEGER } from '../safe-integer.column.js';

/** Why a head was signed. */
export type HeadCause = 'founding' | 'round' | 'suspension' | 'schedule' | 'anchor';

/** A head the online key signed; kept for ever, so that an old decision can be replayed. */
@Entity('head')
export class HeadEntity {
  @PrimaryColumn(SAFE_INTEGER)
  epoch!: number;

  @PrimaryColumn(SAFE_INTEGER)
  seq!: number;

  /** Of the signing input. */
  @Column('text')
  digest!: string;

  @Column('text')
  jws!: string;

  @Column('text', { name: 'round_digest' })
  roundDigest!: string;

  @Column(SAFE_INTEGER)
  iat!: number;

  @Column(SAFE_INTEGER)
  exp!: number;

  @Column('text')
  cause!: HeadCause;
}
