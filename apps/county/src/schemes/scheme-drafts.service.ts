import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock, type FieldFault, GatewayError, type JsonSchema } from '#libs/platform';
import { AuditTrail, type Staff, staffCovers } from '#libs/staff';
import { COUNTY_CONFIG, type CountyConfig } from '../county.config.js';
import type { PlaceTree } from '../places/place-tree.js';
import { Places } from '../places/places.service.js';
import { isSamePerson } from '../residents/is-same-person.js';
import { CountySchemes } from './county-schemes.js';
import { readSchemeSchema } from './read-scheme-folder.js';
import type { SchemeBook } from './scheme-book.js';
import { SchemeDraftEntity } from './scheme-draft.entity.js';
import type { SchemeVersion } from './scheme-version.js';
import { soundScheme, type SoundScheme } from './sound-scheme.js';

/** Any constant of our own; advisory locks are per database. */
const ADOPTION_LOCK = 0x73_63_68_65;

/** The record of who decided that a version shall hold (domain 3.1, `adopted_by`). */
export interface Adoption {
  readonly body: string;
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly record: string;
}

export interface DraftSummary {
  readonly id: string;
  readonly version: number;
  readonly place: string;
  readonly draftedBy: string;
  readonly draftedAt: number;
  readonly warnings: readonly FieldFault[];
}

/** Versions that are being written, until a village or its county adopts them. */
@Injectable()
export class SchemeDrafts implements OnModuleInit {
  private schema: JsonSchema = {};

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
    @Inject(COUNTY_CONFIG) private readonly config: CountyConfig,
  ) {}

  async onModuleInit(): Promise<void> {
    this.schema = await readSchemeSchema(this.config.schemasFolder);
  }

  /**
   * Keeps a sound document as a draft, in the place of an earlier draft of the same version.
   * @throws GatewayError SCHEME_INVALID, PLACE_UNKNOWN, PLACE_OUT_OF_SCOPE (also where the scheme is another place's today),
   *   SCHEME_VERSION_ADOPTED
   */
  async keep(written: unknown, staff: Staff): Promise<DraftSummary> {
    const { version, warnings } = await this.sound(written, await this.schemes.book(), staff);
    const { id: schemeId, version: number, place } = version.document;
    const tree = await this.places.tree();
    return this.database.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [ADOPTION_LOCK]);
      const book = await this.schemes.bookIn(manager);
      await refuseForeign(manager, schemeId, { book, tree, staff });
      refuseAdopted(book, version);
      const draft = { schemeId, version: number, place, draftedBy: staff.username, draftedAt: this.clock.now() };
      await manager.upsert(SchemeDraftEntity, { ...draft, written: version.written }, ['schemeId', 'version']);
      const detail = { version: number, digest: version.digest };
      await this.audit.record(manager, { actor: staff.username, action: 'scheme.drafted', target: schemeId, detail });
      return { id: schemeId, version: number, place, draftedBy: staff.username, draftedAt: draft.draftedAt, warnings };
    });
  }

  /** The drafts of the places an account may act in. */
  async list(staff: Staff): Promise<readonly SchemeDraftEntity[]> {
    const tree = await this.places.tree();
    const drafts = await this.database.manager.find(SchemeDraftEntity, { order: { schemeId: 'ASC', version: 'ASC' } });
    return drafts.filter(({ place }) => staffCovers(staff, place, tree));
  }

  /** @throws GatewayError NOT_FOUND, also outside the account's places */
  async find(schemeId: string, version: number, staff: Staff): Promise<SchemeDraftEntity> {
    return findIn(this.database.manager, { schemeId, version }, async (place) =>
      staffCovers(staff, place, await this.places.tree()),
    );
  }

  /**
   * A draft as it would hold, with what it inherits today.
   * @throws GatewayError NOT_FOUND (also outside the account's places), SCHEME_INVALID (its parent has changed since), PLACE_OUT_OF_SCOPE
   */
  async complete(schemeId: string, number: number, staff: Staff): Promise<SchemeVersion> {
    const { written } = await this.find(schemeId, number, staff);
    return (await this.sound(written, await this.schemes.book(), staff)).version;
  }

  /**
   * Makes a draft hold: from now on it is immutable and public. Another person than who wrote it records the decision.
   * @throws GatewayError BODY_INVALID for a decision of a day to come, NOT_FOUND, PLACE_OUT_OF_SCOPE, ADOPTION_BY_DRAFTER, SCHEME_INVALID (also
   *   when its parent has changed since), SCHEME_VERSION_ADOPTED, SCHEME_RETROACTIVE, SCHEME_EXPORT_TAKEN
   */
  async adopt(schemeId: string, number: number, adoption: Adoption, staff: Staff): Promise<SchemeVersion> {
    if (adoption.date > this.schemes.today())
      throw new GatewayError('BODY_INVALID', { fields: [{ path: '/date', message: 'lies in the future' }] });
    const tree = await this.places.tree();
    return this.database.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [ADOPTION_LOCK]);
      const draft = await findIn(manager, { schemeId, version: number }, (place) => staffCovers(staff, place, tree));
      if (await isSamePerson(manager, draft.draftedBy, staff)) throw new GatewayError('ADOPTION_BY_DRAFTER');
      const book = await this.schemes.bookIn(manager);
      await refuseForeign(manager, schemeId, { book, tree, staff });
      const decided = { ...draft.written, adopted_by: { ...adoption, source: 'recorded by the county' } };
      const { version } = await this.sound(decided, book, staff);
      refuseAdopted(book, version);
      this.refuseRetroactive(book, version);
      refuseSecondExport(book, version);
      await this.schemes.record(manager, [version], staff.username);
      await manager.delete(SchemeDraftEntity, { schemeId, version: number });
      const detail = { version: number, digest: version.digest, draftedBy: draft.draftedBy };
      await this.audit.record(manager, { actor: staff.username, action: 'scheme.adopted', target: schemeId, detail });
      return version;
    });
  }

  private async sound(written: unknown, book: SchemeBook, staff: Staff): Promise<SoundScheme> {
    const scheme = await soundScheme(written, this.schema, book);
    const { place } = scheme.version.document;
    const tree = await this.places.tree();
    if (tree.get(place) === undefined)
      throw new GatewayError('PLACE_UNKNOWN', { fields: [{ path: '/document/place', message: 'is refused' }] });
    if (!staffCovers(staff, place, tree)) throw new GatewayError('PLACE_OUT_OF_SCOPE');
    return scheme;
  }

  /** A first version may write down what a place has long been doing; a change of rules never reaches back. */
  private refuseRetroactive(book: SchemeBook, { document: { id, valid } }: SchemeVersion): void {
    if (book.versionsOf(id).length > 0 && valid.from < this.schemes.today())
      throw new GatewayError('SCHEME_RETROACTIVE');
  }
}

async function findIn(
  manager: EntityManager,
  key: { readonly schemeId: string; readonly version: number },
  isCovered: (place: string) => boolean | Promise<boolean>,
): Promise<SchemeDraftEntity> {
  const draft = await manager.findOneBy(SchemeDraftEntity, key);
  if (draft === null || !(await isCovered(draft.place))) throw new GatewayError('NOT_FOUND');
  return draft;
}

/** A scheme is its place's: whoever writes a version of it acts wherever any other version or draft of it holds. */
async function refuseForeign(
  manager: EntityManager,
  schemeId: string,
  { book, tree, staff }: { readonly book: SchemeBook; readonly tree: PlaceTree; readonly staff: Staff },
): Promise<void> {
  const drafts = await manager.findBy(SchemeDraftEntity, { schemeId });
  const places = [
    ...book.versionsOf(schemeId).map(({ document }) => document.place),
    ...drafts.map(({ place }) => place),
  ];
  if (!places.every((place) => staffCovers(staff, place, tree))) throw new GatewayError('PLACE_OUT_OF_SCOPE');
}

function refuseAdopted(book: SchemeBook, { document: { id, version } }: SchemeVersion): void {
  if (book.version(id, version) !== undefined) throw new GatewayError('SCHEME_VERSION_ADOPTED');
}

function refuseSecondExport(book: SchemeBook, { document }: SchemeVersion): void {
  if (document.export === 'band' && book.exportedIds.some((id) => id !== document.id))
    throw new GatewayError('SCHEME_EXPORT_TAKEN');
}
