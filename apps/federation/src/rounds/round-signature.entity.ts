import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SAFE_INTEGER } from '../safe-integer.column.js';

@Entity('round_signature')
export class RoundSignatureEntity {
  @PrimaryColumn('text')
  digest!: string;

  @PrimaryColumn('text')
  kid!: string;

  @Column('text')
  organisation!: string;

  @Column('text')
  jws!: string;

  @Column({ ...SAFE_INTEGER, name: 'received_at' })
  receivedAt!: number;

  @Column('text', { name: 'received_by' })
  receivedBy!: string;
}
