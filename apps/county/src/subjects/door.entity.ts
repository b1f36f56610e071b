import { Column, Entity, PrimaryColumn } from 'typeorm';
import { INSTANT, INSTANT_OR_NULL } from '../instant-column.js';

/** A code on the door of a household or building. Only its digest is kept: who reads this table cannot have scanned a door. */
@Entity('door')
export class DoorEntity {
  /** SHA-256 of the code, base64url. */
  @PrimaryColumn('text')
  digest!: string;

  @Column('uuid', { name: 'subject_id' })
  subjectId!: string;

  @Column({ ...INSTANT, name: 'issued_at' })
  issuedAt!: number;

  @Column({ ...INSTANT_OR_NULL, name: 'revoked_at' })
  revokedAt!: number | null;
}
