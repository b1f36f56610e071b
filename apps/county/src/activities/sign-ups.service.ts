import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff } from '#libs/staff';
import type { EnrolledResident } from '../enrolment/device-proof.guard.js';
import { lockEnrolled } from '../enrolment/lock-enrolled.js';
import { Places } from '../places/places.service.js';
import type { PlaceTree } from '../places/place-tree.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import type { SchemeBook } from '../schemes/scheme-book.js';
import { subjectInScope, subjectsByHandle } from '../subjects/find-subjects.js';
import { SubjectEntity } from '../subjects/subject.entity.js';
import { Activities } from './activities.service.js';
import { calledUnder, sharingSchemes } from './activity-kinds.js';
import { lockActivity } from './lock-activity.js';

/** Who says that they will come, until the sheet is posted. */
@Injectable()
export class SignUps {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
    private readonly activities: Activities,
  ) {}

  /**
   * Notes that a subject will come; again, it changes nothing.
   * @throws GatewayError NOT_FOUND (also outside the account's places), SUBJECT_UNKNOWN, SUBJECT_ENDED, SUBJECT_NOT_SCORED,
   *   SUBJECT_OUTSIDE_SCHEME, SUBJECT_KIND_WRONG, ACTIVITY_CLOSED, ACTIVITY_LOG_ONLY
   */
  async signUp(id: string, handle: string, staff: Staff): Promise<void> {
    const [tree, book] = await Promise.all([this.places.tree(), this.schemes.book()]);
    const { activity } = await this.activities.read(id, staff);
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
      // The activity before the person, as everywhere (docs/ledger.md).
      await lockActivity(manager, id);
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
    const { activity } = await this.activities.read(id, staff);
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
      // The activity before the person, as everywhere (docs/ledger.md).
      await lockActivity(manager, id);
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
