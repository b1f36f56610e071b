import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** One act of staff. The database itself refuses to change or delete a record; a seal shows where somebody did all the same. */
@Entity('audit_record')
export class AuditRecordEntity {
  /** A bigint, as text. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('timestamptz')
  at!: Date;

  @Column('text')
  actor!: string;

  @Column('text')
  action!: string;

  @Column('text', { nullable: true })
  target!: string | null;

  @Column('jsonb')
  detail!: AuditDetail;

  /** Number of the seal that covers it; null until the sealer comes by. Set once. */
  @Column({ type: 'integer', nullable: true, insert: false, update: false })
  seal!: number | null;
}

/** Flat facts about an act: codes, identifiers, counts. No personal data beyond what the act's own record holds. */
export type AuditDetail = Readonly<Record<string, string | number | boolean | null>>;
