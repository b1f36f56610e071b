import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SAFE_INTEGER } from '../safe-integer.column.js';

/** An anchor after the pinned one, signed by the roots before it and by its own; the highest version is the present one. */
@Entity('anchor')
export class AnchorEntity {
  @PrimaryColumn('integer')
  version!: number;

  @Column('text')
  digest!: string;

  @Column('text')
  payload!: string;

  @Column('text', { array: true })
  signatures!: string[];

  @Column({ ...SAFE_INTEGER, name: 'received_at' })
  receivedAt!: number;

  @Column('text', { name: 'received_by' })
  receivedBy!: string;
}
