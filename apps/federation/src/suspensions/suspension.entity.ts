import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { SAFE_INTEGER } from '../safe-integer.column.js';

/** One officer's emergency narrowing. It stands, under review, until a round of two organisations lifts it. */
@Entity('suspension')
export class SuspensionEntity {
  /** A bigint, as text. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('text')
  digest!: string;

  @Column('text')
  reason!: string;

  /** User name of the officer. */
  @Column('text')
  officer!: string;

  @Column('text')
  organisation!: string;

  @Column({ ...SAFE_INTEGER, name: 'suspended_at' })
  suspendedAt!: number;

  @Column('text')
  review!: 'open' | 'lifted';

  @Column({ ...SAFE_INTEGER, name: 'lifted_at', nullable: true })
  liftedAt!: number | null;

  @Column('text', { name: 'lifted_by_round', nullable: true })
  liftedByRound!: string | null;
}
