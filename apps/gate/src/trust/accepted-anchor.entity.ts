import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An anchor this gate followed after the pinned one: what makes an earlier one never come back. */
@Entity('accepted_anchor')
export class AcceptedAnchorEntity {
  @PrimaryColumn('integer')
  version!: number;

  /** Base64url of the canonical JSON. */
  @Column('text')
  payload!: string;

  @Column('text', { array: true })
  signatures!: string[];
}
