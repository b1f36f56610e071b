import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INSTANT, INSTANT_OR_NULL } from '../instant-column.js';

/** Two subjects found to be one. */
@Entity('subject_merge')
export class SubjectMergeEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  absorbed!: string;

  @Column('uuid')
  survivor!: string;

  /** As the registrar gave it. */
  @Column('text')
  reason!: string;

  @Column({ ...INSTANT, name: 'made_at' })
  madeAt!: number;

  @Column({ ...INSTANT_OR_NULL, name: 'undone_at' })
  undoneAt!: number | null;
}
