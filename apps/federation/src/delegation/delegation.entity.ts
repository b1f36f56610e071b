import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SAFE_INTEGER } from '../safe-integer.column.js';

/** A delegation that the anchor's roots signed; the one with the highest epoch is the current one. */
@Entity('delegation')
export class DelegationEntity {
  @PrimaryColumn(SAFE_INTEGER)
  epoch!: number;

  @Column('text')
  digest!: string;

  @Column('text')
  payload!: string;

  @Column('text', { array: true })
  signatures!: string[];

  /** RFC 7638 thumbprint of the online key. */
  @Column('text', { name: 'online_kid' })
  onlineKid!: string;

  @Column({ ...SAFE_INTEGER, name: 'received_at' })
  receivedAt!: number;

  @Column('text', { name: 'received_by' })
  receivedBy!: string;
}
