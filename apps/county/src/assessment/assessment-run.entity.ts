import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INSTANT } from '../instant-column.js';

/** One assessment of every resident: by which document, up to when. Append-only. */
@Entity('assessment_run')
export class AssessmentRunEntity {
  @PrimaryColumn('uuid')
  id!: string;

  /** A calendar year, Asia/Shanghai. */
  @Column('integer')
  year!: number;

  @Column('text', { name: 'scheme_id' })
  schemeId!: string;

  @Column('integer', { name: 'scheme_version' })
  schemeVersion!: number;

  @Column('text', { name: 'scheme_digest' })
  schemeDigest!: string;

  @Column('text')
  fingerprint!: string;

  @Column({ ...INSTANT, name: 'cut_off' })
  cutOff!: number;

  @Column('text', { name: 'made_by' })
  madeBy!: string;
}
