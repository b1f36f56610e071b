import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INSTANT } from '../instant-column.js';

/**
 * An adult person of this county with an account: the subject of the same id. The row is also the lock of everything that is
 * issued to the person.
 */
@Entity('resident')
export class ResidentEntity {
  /** Random; leaves the county in no document. */
  @PrimaryColumn('uuid')
  id!: string;

  /** The county's own number. */
  @Column('text', { unique: true })
  handle!: string;

  @Column('text')
  name!: string;

  @Column('text', { name: 'document_last4' })
  documentLast4!: string;

  @Column('integer', { name: 'birth_year' })
  birthYear!: number;

  @Column({ ...INSTANT, name: 'created_at' })
  createdAt!: number;
}
