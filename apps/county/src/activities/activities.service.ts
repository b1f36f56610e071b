import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, IsNull, MoreThanOrEqual } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, coveredPlaces, type Staff, staffCovers } from '#libs/staff';
import type { EnrolledResident } from '../enrolment/device-proof.guard.js';
import { lockEnrolled } from '../enrolment/lock-enrolled.js';
import { Places } from '../places/places.service.js';
import type { PlaceTree } from '../places/place-tree.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import type { SchemeBook } from '../schemes/scheme-book.js';
import { subjectInScope, subjectsByHandle } from '../subjects/find-subjects.js';
import { SubjectEntity } from '../subjects/subject.entity.js';
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

/** Calls, and who says that they will come. */
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

  /**
   * Notes that a subject will come; again, it changes nothing.
   * @throws GatewayError NOT_FOUND (also outside the account's places), SUBJECT_UNKNOWN, SUBJECT_ENDED, SUBJECT_NOT_SCORED,
   *   SUBJECT_OUTSIDE_SCHEME, SUBJECT_KIND_WRONG, ACTIVITY_CLOSED, ACTIVITY_LOG_ONLY
   */
  async signUp(id: string, handle: string, staff: Staff): Promise<void> {
    const [tree, book] = await Promise.all([this.places.tree(), this.schemes.book()]);
    const { activity } = await this.read(id, staff);
    await this.database.transaction(async (manager) => {
      const subject = await subjectInScope(manager, handle, staff, tree).catch((cause: unknown) => {
        throw cause instanceof GatewayError ? new GatewayError('SUBJECT_UNKNOWN', { cause }) : cause;
      });
      await note(manager, activity.id, { subject, by: staff.username, at: this.clock.now(), tree, book });
    });
  }

  /**
   * The same for the resident whose phone asks.
   * @throws GatewayError NOT_FOUND, DEVICE_PROOF_REFUSED and those of `signUp`
   */
  async signUpOneself(id: string, resident: EnrolledResident): Promise<void> {
    const [tree, book] = await Promise.all([this.places.tree(), this.schemes.book()]);
    await this.database.transaction(async (manager) => {
      await lockEnrolled(manager, resident);
      const subject = await manager.findOneByOrFail(SubjectEntity, { id: resident.residentId });
      await note(manager, id, { subject, by: subject.handle, at: this.clock.now(), tree, book });
    });
  }

  /**
   * Takes somebody off the list of those who will come, until the sheet is posted; the trail says who did.
   * @throws GatewayError NOT_FOUND (also outside the account's places, and where nobody of this handle is on the list),
   *   ACTIVITY_CLOSED
   */
  async strike(id: string, handle: string, staff: Staff): Promise<void> {
    const { activity } = await this.read(id, staff);
    await this.database.transaction(async (manager) => {
      // Whoever came onto it by the own phone may live in another village of the area.
      const subject = (await subjectsByHandle(manager, [handle])).get(handle);
      if (subject === undefined || !(await withdraw(manager, activity.id, subject.id)))
        throw new GatewayError('NOT_FOUND');
      const detail = { subject: subject.handle };
      await this.audit.record(manager, { actor: staff.username, action: 'activity.struck', target: id, detail });
    });
  }

  /**
   * The same for the resident whose phone asks: nothing is left of it, and again it changes nothing.
   * @throws GatewayError NOT_FOUND, DEVICE_PROOF_REFUSED, ACTIVITY_CLOSED
   */
  async withdrawOneself(id: string, resident: EnrolledResident): Promise<void> {
    await this.database.transaction(async (manager) => {
      await lockEnrolled(manager, resident);
      await withdraw(manager, id, resident.residentId);
    });
  }
}

interface Noted {
  readonly subject: SubjectEntity;
  readonly by: string;
  /** Unix seconds. */
  readonly at: number;
  readonly tree: PlaceTree;
  readonly book: SchemeBook;
}

async function note(manager: EntityManager, id: string, { subject, by, at, tree, book }: Noted): Promise<void> {
  const activity = await lockActivity(manager, id);
  const under = calledUnder(book, activity);
  const rule = under.document.rules.find((each) => each.id === under.kind.rule);
  if (rule === undefined) throw new GatewayError('ACTIVITY_LOG_ONLY');
  if (activity.closedAt !== null) throw new GatewayError('ACTIVITY_CLOSED');
  if (subject.endedOn !== null) throw new GatewayError('SUBJECT_ENDED');
  if (!subject.hasAccount) throw new GatewayError('SUBJECT_NOT_SCORED');
  // Of a household, any member may come.
  if (subject.kind !== rule.subject_kind && subject.kind !== 'person') throw new GatewayError('SUBJECT_KIND_WRONG');
  const shared = sharingSchemes(book, under, activity.day);
  if (!shared.some(({ document }) => tree.isWithin(subject.place, document.place)))
    throw new GatewayError('SUBJECT_OUTSIDE_SCHEME');
  await manager.query(
    `INSERT INTO activity_sign_up (activity_id, subject_id, signed_up_by, signed_up_at)
    VALUES ($1, $2, $3, to_timestamp($4)) ON CONFLICT DO NOTHING`,
    [id, subject.id, by, at],
  );
}

/** @returns whether the subject, or one that turned out to be the same, was on the list */
async function withdraw(manager: EntityManager, id: string, subject: string): Promise<boolean> {
  const { closedAt } = await lockActivity(manager, id);
  if (closedAt !== null) throw new GatewayError('ACTIVITY_CLOSED');
  const gone = await manager.query<readonly unknown[]>(
    `WITH gone AS (
      DELETE FROM activity_sign_up WHERE activity_id = $1 AND survivor_of(subject_id) = survivor_of($2) RETURNING subject_id
    ) SELECT FROM gone`,
    [id, subject],
  );
  return gone.length > 0;
}

/** @throws GatewayError NOT_FOUND */
export async function lockActivity(manager: EntityManager, id: string): Promise<ActivityEntity> {
  const [activity] = await manager.find(ActivityEntity, { where: { id }, lock: { mode: 'for_no_key_update' } });
  if (activity === undefined) throw new GatewayError('NOT_FOUND');
  return activity;
}

function isSame(one: ActivityEntity, other: ActivityEntity): boolean {
  return JSON.stringify(factsOf(one)) === JSON.stringify(factsOf(other));
}

function factsOf({ schemeId, kind, place, day, title, hoursExpected }: ActivityEntity): readonly unknown[] {
  return [schemeId, kind, place, day, title, hoursExpected];
}
