import { Column, Entity, JoinColumn, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { AssessmentRunEntity } from './assessment-run.entity.js';

/** What one entry added to the score: in the order they happened, with the base they sum to it. */
export interface AssessmentLine {
  readonly entryId: string;
  readonly ruleId: string;
  readonly points: number;
}

/** A resident's result in one run, with the lines that explain it. Append-only; the latest of the latest year counts. */
@Entity('assessment')
export class AssessmentEntity {
  /** A bigint, as text. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('uuid', { name: 'run_id' })
  runId!: string;

  @ManyToOne(() => AssessmentRunEntity)
  @JoinColumn({ name: 'run_id' })
  run!: Relation<AssessmentRunEntity>;

  @Column('uuid', { name: 'resident_id' })
  residentId!: string;

  @Column('integer')
  year!: number;

  @Column('integer')
  base!: number;

  @Column('integer')
  score!: number;

  @Column('text')
  grade!: string;

  @Column('jsonb')
  lines!: readonly AssessmentLine[];
}
