import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SAFE_INTEGER } from '../safe-integer.column.js';

/** A round as drafted for two officers to sign; in force from `adoptedAt` on. */
@Entity('round')
export class RoundEntity {
  @PrimaryColumn('text')
  digest!: string;

  @Column(SAFE_INTEGER)
  epoch!: number;

  @Column(SAFE_INTEGER)
  round!: number;

  @Column('text', { name: 'docs_root' })
  docsRoot!: string;

  /** Digests under `docsRoot`, ascending. */
  @Column('text', { array: true })
  documents!: string[];

  @Column('text', { array: true })
  suspended!: string[];

  /** Suspensions that this round lifts. */
  @Column('text', { array: true })
  lift!: string[];

  @Column('text')
  payload!: string;

  @Column({ ...SAFE_INTEGER, name: 'drafted_at' })
  draftedAt!: number;

  @Column({ ...SAFE_INTEGER, name: 'expires_at' })
  expiresAt!: number;

  @Column('text', { name: 'drafted_by' })
  draftedBy!: string;

  @Column({ ...SAFE_INTEGER, name: 'adopted_at', nullable: true })
  adoptedAt!: number | null;
}
