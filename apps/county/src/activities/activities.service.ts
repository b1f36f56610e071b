import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, MoreThanOrEqual } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, coveredPlaces, type Staff, staffCovers } from '#libs/staff';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import { ActivityEntity } from './activity.entity.js';
import { calledUnder, sharingSchemes } from './activity-kinds.js';

/** A call for hands. */
export interface Call extends Pick<ActivityEntity, 'key' | 'kind' | 'place' | 'day' | 'title'> {
  readonly scheme: string;
  readonly hoursExpected?: number;
}

export interface SignedUp {
  /** Handle. */
  readonly subject: string;
  readonly name: string;
  /** Unix seconds. */
  readonly at: number;
}

/** Most activities that one answer lists, the latest first. */
const LISTED = 200;

/** Calls for hands. */
@Injectable()
export class Activities {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
  ) {}

  /**
   * Calls for hands; the same again under one key changes nothing.
   * @throws GatewayError ACTIVITY_KIND_UNKNOWN, PLACE_UNKNOWN, PLACE_OUT_OF_SCOPE, KEY_REUSED; BODY_INVALID for a place where
   *   the scheme, and those it shares activities with, do not hold
   */
  async call({ scheme: schemeId, hoursExpected, ...call }: Call, staff: Staff): Promise<ActivityEntity> {
    const [tree, book] = await Promise.all([this.places.tree(), this.schemes.book()]);
    const { place, day, key } = call;
    const under = calledUnder(book, { schemeId, kind: call.kind, day });
    if (tree.get(place) === undefined) throw new GatewayError('PLACE_UNKNOWN');
    if (!staffCovers(staff, place, tree)) throw new GatewayError('PLACE_OUT_OF_SCOPE');
    if (!sharingSchemes(book, under, day).some(({ document }) => tree.isWithin(place, document.place)))
      throw new GatewayError('BODY_INVALID', { fields: [{ path: '/place', message: 'is refused' }] });
    const facts = {
      ...call,
      schemeId,
      hoursExpected: hoursExpected ?? null,
      calledBy: staff.username,
      calledAt: this.clock.now(),
    };
    const open = { sheetKey: null, sheet: null, closedBy: null, closedAt: null };
    return this.database.transaction(async (manager) => {
      const row = { id: randomUUID(), ...facts, ...open };
      const added = await manager
        .createQueryBuilder()
        .insert()
        .into(ActivityEntity)
        .values(row)
        .orIgnore()
        .returning('id')
        .execute();
      if (Array.isArray(added.raw) && added.raw.length === 0) {
        const known = await manager.findOneByOrFail(ActivityEntity, { key });
        if (!isSame(known, row)) throw new GatewayError('KEY_REUSED');
        return known;
      }
      const detail = { scheme: schemeId, kind: call.kind, place, day };
      await this.audit.record(manager, { actor: staff.username, action: 'activity.called', target: row.id, detail });
      return row;
    });
  }

  /** The activities in the places of who asks, of one scheme or all. */
  async list(schemeId: string | undefined, staff: Staff): Promise<readonly ActivityEntity[]> {
    const tree = await this.places.tree();
    const covered = coveredPlaces(staff)?.flatMap((place) => tree.within(place));
    const where = { ...(covered && { place: In(covered) }), ...(schemeId !== undefined && { schemeId }) };
    const order = { day: 'DESC', calledAt: 'DESC', id: 'ASC' } as const;
    return this.database.manager.find(ActivityEntity, { where, order, take: LISTED });
  }

  /** @throws GatewayError NOT_FOUND, also outside the account's places */
  async read(
    id: string,
    staff: Staff,
  ): Promise<{ readonly activity: ActivityEntity; readonly signUps: readonly SignedUp[] }> {
    const { manager } = this.database;
    const activity = await manager.findOneBy(ActivityEntity, { id });
    if (activity === null || !staffCovers(staff, activity.place, await this.places.tree()))
      throw new GatewayError('NOT_FOUND');
    const signUps = await manager.query<readonly SignedUp[]>(
      `SELECT handle AS subject, name, extract(epoch FROM min(signed_up_at))::float8 AS at
      FROM activity_sign_up JOIN subject ON subject.id = survivor_of(subject_id) WHERE activity_id = $1
      GROUP BY subject.id ORDER BY at, handle`,
      [id],
    );
    return { activity, signUps };
  }

  /** The open calls of today and later that concern a place: in it, in what it lies in, and in its area. For everybody. */
  async openIn(place: string): Promise<readonly ActivityEntity[]> {
    const [tree, book] = await Promise.all([this.places.tree(), this.schemes.book()]);
    const today = shanghaiDay(this.clock.now());
    const there = [...tree.within(place), ...tree.above(place)];
    const shared = book
      .allInForce(today)
      .flatMap(({ document: { area, place: of } }) =>
        area?.shared.includes('activities') === true && tree.isWithin(place, of) ? area.schemes : [],
      );
    const open = { closedAt: IsNull(), day: MoreThanOrEqual(today) };
    const where = [
      { ...open, place: In(there) },
      { ...open, schemeId: In(shared) },
    ];
    return this.database.manager.find(ActivityEntity, { where, order: { day: 'ASC', id: 'ASC' }, take: LISTED });
  }
}

function isSame(one: ActivityEntity, other: ActivityEntity): boolean {
  return JSON.stringify(factsOf(one)) === JSON.stringify(factsOf(other));
}

function factsOf({ schemeId, kind, place, day, title, hoursExpected }: ActivityEntity): readonly unknown[] {
  return [schemeId, kind, place, day, title, hoursExpected];
}
