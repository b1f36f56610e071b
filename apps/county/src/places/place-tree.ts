/** What a place can lie in. Every level stands below those it may lie in, so no place lies in itself. */
const PARENT_LEVELS = {
  county: [],
  town: ['county'],
  subdistrict: ['county'],
  functional_zone: ['county', 'town', 'subdistrict'],
  area: ['county', 'town', 'subdistrict', 'functional_zone'],
  community: ['county', 'town', 'subdistrict', 'functional_zone', 'area'],
  village: ['county', 'town', 'subdistrict', 'functional_zone', 'area'],
  grid: ['county', 'town', 'subdistrict', 'functional_zone', 'area', 'community', 'village'],
} as const;

export type PlaceLevel = keyof typeof PARENT_LEVELS;

/** `local` is what the county drew itself; a functional zone has no code of its own. */
export type PlaceKind = 'admin' | 'functional_zone' | 'local';

/** A place as it is registered; `code` and `parent` are null where it has none. */
export interface Place {
  readonly id: string;
  readonly code: string | null;
  readonly level: PlaceLevel;
  readonly kind: PlaceKind;
  readonly name: string;
  readonly parent: string | null;
}

/** The kind that goes with a level. */
export function kindOfLevel(level: PlaceLevel): PlaceKind {
  if (level === 'functional_zone') return 'functional_zone';
  return level === 'area' || level === 'grid' ? 'local' : 'admin';
}

/** Whether a place of one level may lie in one of the other. */
export function mayLieIn(level: PlaceLevel, parent: PlaceLevel): boolean {
  const levels: readonly PlaceLevel[] = PARENT_LEVELS[level];
  return levels.includes(parent);
}

/** What lies in what. Places are known by id, never by name. */
export class PlaceTree {
  private readonly places: ReadonlyMap<string, Place>;
  private readonly children = new Map<string, string[]>();

  constructor(places: readonly Place[]) {
    this.places = new Map(places.map((place) => [place.id, place]));
    for (const { id, parent } of places) {
      if (parent === null) continue;
      const siblings = this.children.get(parent);
      if (siblings === undefined) this.children.set(parent, [id]);
      else siblings.push(id);
    }
  }

  get(id: string): Place | undefined {
    return this.places.get(id);
  }

  /** Whether a place is the other one or lies in it, however deep; false where either is unknown. */
  isWithin(place: string, ancestor: string): boolean {
    for (let at = this.places.get(place); at !== undefined; at = at.parent === null ? undefined : this.get(at.parent))
      if (at.id === ancestor) return true;
    return false;
  }

  /** The ids of all that a place lies in, the nearest first; none for an unknown one. */
  above(place: string): readonly string[] {
    const parent = this.places.get(place)?.parent ?? null;
    return parent === null ? [] : [parent, ...this.above(parent)];
  }

  /** The ids of a place and of all that lies in it, parents before children; none for an unknown one. */
  within(ancestor: string): readonly string[] {
    const found = this.places.has(ancestor) ? [ancestor] : [];
    // The list grows while it is walked.
    for (const id of found) found.push(...(this.children.get(id) ?? []));
    return found;
  }
}
