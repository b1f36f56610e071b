import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PlaceKind, PlaceLevel } from './place-tree.js';

/** A place of this county: itself, its towns, villages, communities, zones, and what it drew itself. */
@Entity('place')
export class PlaceEntity {
  /** The code; without one, the parent's id and a slug. Never a name: names repeat. */
  @PrimaryColumn('text')
  id!: string;

  /** GB/T 2260 and its extension to towns and villages. */
  @Column('text', { nullable: true })
  code!: string | null;

  @Column('text')
  level!: PlaceLevel;

  @Column('text')
  kind!: PlaceKind;

  @Column('text')
  name!: string;

  /** Null for the county itself. */
  @Column('text', { nullable: true })
  parent!: string | null;

  /** Where it is known from. */
  @Column('text')
  source!: string;
}
