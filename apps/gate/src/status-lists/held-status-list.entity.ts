import { Column, Entity, PrimaryColumn } from 'typeorm';
import { UNIX_SECONDS } from '../unix-seconds.column.js';

/** The newest status list of a uri, as it was signed. */
@Entity('held_status_list')
export class HeldStatusListEntity {
  @PrimaryColumn('text')
  uri!: string;

  /** The key that signed it. */
  @Column('text')
  kid!: string;

  @Column(UNIX_SECONDS)
  iat!: number;

  @Column('text')
  token!: string;
}
