import { DataSource, type EntityManager } from 'typeorm';
import { GatewayError } from '#libs/platform';
import { type AuditTrail, type Staff, staffCovers } from '#libs/staff';
import { PlaceEntity } from './place.entity.js';
import { kindOfLevel, mayLieIn, type Place, PlaceTree } from './place-tree.js';

export type NewPlace = Pick<Place, 'id' | 'level' | 'name'> & { readonly parent: string };

/** GB/T 2260 extended to villages and communities. */
const VILLAGE_CODE = /^[0-9]{12}$/;

/** The places of this county: those of the register it was started with, and those added here. */
export class Places {
  private known: { readonly revision: string; readonly tree: PlaceTree } | undefined;

  private constructor(
    private readonly database: DataSource,
    private readonly audit: AuditTrail,
    /** The county itself. */
    readonly county: string,
  ) {}

  /**
   * Brings the table up to date with the register: what is new there is added, what differs is taken from there, nothing goes.
   * @param register the county first, parents before children
   */
  static async open(database: DataSource, audit: AuditTrail, register: readonly PlaceEntity[]): Promise<Places> {
    const [county] = register;
    if (county === undefined) throw new RangeError('the register names no county');
    // In one order, so that two processes which start together do not wait for each other.
    await database.transaction(async (manager) => {
      for (const place of register) await takeOver(manager, place);
    });
    return new Places(database, audit, county.id);
  }

  /** All places as they are now, whichever process changed them. */
  async tree(): Promise<PlaceTree> {
    const [state] = await this.database.query<readonly { readonly revision: string }[]>(
      `SELECT count(*) || '/' || max(revision) AS revision FROM place`,
    );
    const revision = state?.revision ?? '';
    if (this.known?.revision !== revision) this.known = { revision, tree: new PlaceTree(await this.all()) };
    return this.known.tree;
  }

  /** @throws GatewayError PLACE_OUT_OF_SCOPE for an account that is confined to a part of the county */
  async refuseConfined(staff: Staff): Promise<void> {
    if (!staffCovers(staff, this.county, await this.tree())) throw new GatewayError('PLACE_OUT_OF_SCOPE');
  }

  all(): Promise<readonly PlaceEntity[]> {
    return this.database.manager.find(PlaceEntity, { order: { id: 'ASC' } });
  }

  /**
   * Adds a place inside the scope of who asks; the same again changes nothing.
   * @throws GatewayError PLACE_UNKNOWN (the parent), PLACE_OUT_OF_SCOPE, PLACE_LEVEL_WRONG, PLACE_DIFFERS; BODY_INVALID for an id
   *   that is neither a code of this county nor below its parent's
   */
  async add({ id, level, parent, name }: NewPlace, staff: Staff): Promise<Place> {
    const tree = await this.tree();
    const above = tree.get(parent);
    if (above === undefined) throw new GatewayError('PLACE_UNKNOWN', { fields: [fault('parent')] });
    if (!staffCovers(staff, parent, tree)) throw new GatewayError('PLACE_OUT_OF_SCOPE');
    if (!mayLieIn(level, above.level)) throw new GatewayError('PLACE_LEVEL_WRONG', { fields: [fault('level')] });
    const code = VILLAGE_CODE.test(id) && id.startsWith(this.county) ? id : null;
    if (code === null && !id.startsWith(`${parent}-`))
      throw new GatewayError('BODY_INVALID', { fields: [fault('id')] });
    const place = { id, code, level, kind: kindOfLevel(level), name, parent, source: 'added by the county' };
    return this.database.transaction(async (manager) => {
      const added = await manager
        .createQueryBuilder()
        .insert()
        .into(PlaceEntity)
        .values(place)
        .orIgnore()
        .returning('id')
        .execute();
      const stored = await manager.findOneByOrFail(PlaceEntity, { id });
      if (stored.level !== level || stored.parent !== parent || stored.name !== name)
        throw new GatewayError('PLACE_DIFFERS');
      const isNew = Array.isArray(added.raw) && added.raw.length > 0;
      const detail = { level, parent };
      if (isNew) await this.audit.record(manager, { actor: staff.username, action: 'place.added', target: id, detail });
      return stored;
    });
  }
}

async function takeOver(manager: EntityManager, place: PlaceEntity): Promise<void> {
  const { id, code, level, kind, name, parent, source } = place;
  await manager.query(
    `INSERT INTO place (id, code, level, kind, name, parent, source) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (id) DO UPDATE SET code = excluded.code, level = excluded.level, kind = excluded.kind, name = excluded.name,
      parent = excluded.parent, source = excluded.source, revision = nextval('place_revision')
    WHERE (place.code, place.level, place.kind, place.name, place.parent, place.source)
      IS DISTINCT FROM (excluded.code, excluded.level, excluded.kind, excluded.name, excluded.parent, excluded.source)`,
    [id, code, level, kind, name, parent, source],
  );
}

function fault(member: string): { readonly path: string; readonly message: string } {
  return { path: `/${member}`, message: 'is refused' };
}
