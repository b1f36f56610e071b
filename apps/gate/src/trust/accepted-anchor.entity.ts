import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An anchor this gate followed after another: what makes the earlier one never come back. One anchor has one successor here. */
@Entity('accepted_anchor')
export class AcceptedAnchorEntity {
  /** `anchorDigest` of the one it descends from; empty where that was not recorded yet. */
  @PrimaryColumn('text')
  parent!: string;

  /** `anchorDigest` of this one. */
  @Column('text')
  digest!: string;

  @Column('integer')
  version!: number;

  /** Base64url of the canonical JSON. */
  @Column('text')
  payload!: string;

  @Column('text', { array: true })
  signatures!: string[];
}
