import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INSTANT } from '../instant-column.js';

/** How many subjects have each grade, by the id of the grading. Stays in the county. */
export type GradeCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** One assessment of every subject of a scheme: by which document, over which days, up to when. Append-only. */
@Entity('assessment_run')
export class AssessmentRunEntity {
  @PrimaryColumn('uuid')
  id!: string;

  /** `2026`, `2026-Q2`, `2026-06` or a day. */
  @Column('text')
  period!: string;

  /** Its last day. */
  @Column('date', { name: 'period_to' })
  periodTo!: string;

  @Column('text', { name: 'scheme_id' })
  schemeId!: string;

  @Column('integer', { name: 'scheme_version' })
  schemeVersion!: number;

  @Column('text', { name: 'scheme_digest' })
  schemeDigest!: string;

  @Column('text')
  fingerprint!: string;

  /** Of the grades that may leave the county, where this run gives any. */
  @Column('text', { name: 'exported_metric', nullable: true })
  exportedMetric!: string | null;

  @Column('text', { name: 'exported_grading', nullable: true })
  exportedGrading!: string | null;

  @Column({ ...INSTANT, name: 'cut_off' })
  cutOff!: number;

  @Column('text', { name: 'made_by' })
  madeBy!: string;

  @Column('jsonb')
  counts!: GradeCounts;
}
