import type { WrittenScheme } from '#libs/scheme';
import type { Alliance } from './alliance.js';
import type { CountyStand } from './county-stand.js';
import { Desk } from './desk.js';
import { documentOf } from './documents.js';
import { Office, type Play } from './office.js';
import { inventedNames } from './invented-people.js';

/** Documents played under other ids in places of their own: what they are called there. */
export interface Recast {
  /** Id of the document that is tried. */
  readonly tried: string;
  readonly schemes: ReadonlyMap<string, WrittenScheme>;
  readonly places: ReadonlyMap<string, string>;
}

/** What plays may ask for; started when it is first asked for. */
export interface Stands {
  county(code: string): Promise<CountyStand>;
  alliance(): Promise<Alliance>;
}

/** One play of one row: whatever it records is its own, by handles and keys that nobody has used. */
export class Scene implements Play {
  readonly names = inventedNames(20_261_116);
  private readonly begun = new Map<string, Promise<Office>>();
  private count = 0;

  constructor(
    private readonly stands: Stands,
    private readonly tag: string,
    private readonly recast?: Recast,
  ) {}

  /** Whether the row's documents are played under ids of their own. Only one scheme of a county may leave it. */
  get isRecast(): boolean {
    return this.recast !== undefined;
  }

  /** Whether a document is to be held to its numbers: in a play of a changed one, that one alone. */
  plays(id: string): boolean {
    return this.recast === undefined || this.recast.tried === id;
  }

  /** What a document is called in this play. */
  scheme(id: string): string {
    return this.written(id).id;
  }

  /** A document as it is written for this play. */
  written(id: string): WrittenScheme {
    return this.recast?.schemes.get(id) ?? documentOf(id);
  }

  place(id: string): string {
    return this.recast?.places.get(id) ?? id;
  }

  /** A key, handle or code that nobody else uses. */
  fresh(): string {
    return `${this.tag}-${(this.count += 1)}`;
  }

  office(code: string): Promise<Office> {
    const known = this.begun.get(code);
    if (known !== undefined) return known;
    const begun = this.stands.county(code).then((county) => new Office(this, county, county.beginPlay()));
    this.begun.set(code, begun);
    return begun;
  }

  alliance(): Promise<Alliance> {
    return this.stands.alliance();
  }

  /** The staff of a scheme, at its place. */
  async desk(scheme: string, place: string): Promise<Desk> {
    return new Desk(await this.office(place.slice(0, 6)), this.scheme(scheme), this.place(place));
  }
}
