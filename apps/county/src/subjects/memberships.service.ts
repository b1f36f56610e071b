import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, IsNull } from 'typeorm';
import { isCalendarDay, shanghaiDay } from '#libs/calendar';
import { Clock, type ErrorCode, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff, staffCovers } from '#libs/staff';
import { Places } from '../places/places.service.js';
import { lockSubjects, subjectInScope, subjectsByHandle } from './find-subjects.js';
import { collides, maySubjectsRelate, type Membership, type Relation } from './membership-rules.js';
import { MembershipEntity } from './membership.entity.js';
import type { SubjectEntity } from './subject.entity.js';

/** By handles; days are `YYYY-MM-DD`, Asia/Shanghai, both included. */
export interface NewMembership {
  readonly member: string;
  readonly of: string;
  readonly relation?: Relation;
  readonly from: string;
  readonly to?: string;
}

type MembershipRow = Pick<MembershipEntity, 'relation' | 'member' | 'of' | 'fromDay' | 'toDay'>;

/**
 * Who belongs to what. Every member counts, whether it has an account or not: what is shared out per head (人均) is shared by
 * children too. A membership is decided under the locks of both subjects.
 */
@Injectable()
export class Memberships {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
  ) {}

  /**
   * Records memberships, all or none; one that is there already is left as it is.
   * @throws GatewayError SUBJECT_UNKNOWN (also outside the scope), SUBJECT_ENDED, SUBJECT_KIND_WRONG, MEMBERSHIP_DAY_WRONG,
   *   MEMBERSHIP_OVERLAPS, each naming the place in the list
   */
  async join(
    wanted: readonly NewMembership[],
    staff: Staff,
  ): Promise<{ readonly recorded: number; readonly existing: number }> {
    const tree = await this.places.tree();
    const now = this.clock.now();
    for (const [at, { from, to }] of wanted.entries())
      if (!areDays(from, to ?? from, shanghaiDay(now))) refuse('MEMBERSHIP_DAY_WRONG', at, 'from');
    return this.database.transaction(async (manager) => {
      const subjects = await subjectsByHandle(
        manager,
        wanted.flatMap(({ member, of }) => [member, of]),
      );
      const idOf = (handle: string, at: number, place: 'member' | 'of'): string => {
        const subject = subjects.get(handle);
        const isKnown = subject !== undefined && staffCovers(staff, subject.place, tree);
        return isKnown ? subject.id : refuse('SUBJECT_UNKNOWN', at, place);
      };
      const rows = wanted.map(({ member, of, relation = 'member_of', from, to }, at) => {
        return {
          relation,
          member: idOf(member, at, 'member'),
          of: idOf(of, at, 'of'),
          fromDay: from,
          toDay: to ?? null,
        };
      });
      const recorded = await this.insert(manager, rows, now);
      const counts = { recorded, existing: rows.length - recorded };
      await this.audit.record(manager, { actor: staff.username, action: 'memberships.recorded', detail: counts });
      return counts;
    });
  }

  /**
   * Ends a membership that lasts; the same again changes nothing.
   * @param to its last day
   * @throws GatewayError NOT_FOUND, MEMBERSHIP_DAY_WRONG
   */
  async leave(member: string, of: string, to: string, staff: Staff): Promise<void> {
    const now = this.clock.now();
    await this.change(member, of, staff, async (manager, own) => {
      const lasting = own.find(({ toDay }) => toDay === null) ?? own.find(({ toDay }) => toDay === to);
      if (lasting === undefined) throw new GatewayError('NOT_FOUND');
      if (!areDays(lasting.fromDay, to, shanghaiDay(now))) throw new GatewayError('MEMBERSHIP_DAY_WRONG');
      if (lasting.toDay === to) return;
      await manager.update(MembershipEntity, { id: lasting.id }, { toDay: to, changedAt: now });
      await this.audit.record(manager, { ...acted(staff, 'membership.ended', member), detail: { of, to } });
    });
  }

  /**
   * Takes back a membership that was recorded by mistake, as if it had never been.
   * @param from its first day
   * @throws GatewayError NOT_FOUND
   */
  async takeBack(member: string, of: string, from: string, reason: string, staff: Staff): Promise<void> {
    await this.change(member, of, staff, async (manager, own) => {
      const mistaken = own.find(({ fromDay }) => fromDay === from);
      if (mistaken === undefined) throw new GatewayError('NOT_FOUND');
      await manager.update(MembershipEntity, { id: mistaken.id }, { voidedAt: this.clock.now() });
      await this.audit.record(manager, {
        ...acted(staff, 'membership.taken_back', member),
        detail: { of, from, reason },
      });
    });
  }

  /** Runs a change of what one subject is of another, under the locks of both. */
  private async change(
    member: string,
    of: string,
    staff: Staff,
    work: (manager: EntityManager, own: readonly MembershipEntity[]) => Promise<void>,
  ): Promise<void> {
    const tree = await this.places.tree();
    await this.database.transaction(async (manager) => {
      const one = await subjectInScope(manager, member, staff, tree);
      const other = await subjectInScope(manager, of, staff, tree);
      await lockSubjects(manager, [one.id, other.id]);
      await work(
        manager,
        await manager.find(MembershipEntity, {
          where: { member: one.id, of: other.id, voidedAt: IsNull() },
          order: { fromDay: 'DESC' },
        }),
      );
    });
  }

  private async insert(manager: EntityManager, wanted: readonly MembershipRow[], now: number): Promise<number> {
    const subjects = await lockSubjects(
      manager,
      wanted.flatMap(({ member, of }) => [member, of]),
    );
    const standing: Membership[] = await standingMemberships(
      manager,
      wanted.map(({ member }) => member),
    );
    const kindOf = await kindsOf(manager, standing, subjects);
    const added: MembershipRow[] = [];
    for (const [at, row] of wanted.entries()) {
      if (standing.some((other) => isSame(other, row))) continue;
      const fault = faultOf(row, subjects);
      if (fault !== undefined) refuse(fault.code, at, fault.member);
      if (collides(row, standing, kindOf)) refuse('MEMBERSHIP_OVERLAPS', at, 'from');
      standing.push(row);
      added.push(row);
    }
    const facts = { recordedAt: now, madeByMerge: null, changedAt: null, voidedAt: null, voidedByMerge: null };
    if (added.length === 0) return 0;
    await manager.insert(
      MembershipEntity,
      added.map((row) => ({ ...row, ...facts, id: randomUUID() })),
    );
    return added.length;
  }
}

/** The memberships that subjects have, void ones left out. */
export async function standingMemberships(
  manager: EntityManager,
  members: readonly string[],
): Promise<MembershipEntity[]> {
  return manager.findBy(MembershipEntity, { member: In([...new Set(members)]), voidedAt: IsNull() });
}

/** Kinds of what memberships are of; kinds never change, so no lock is needed. */
export async function kindsOf(
  manager: EntityManager,
  memberships: readonly Membership[],
  known: ReadonlyMap<string, SubjectEntity>,
): Promise<(subject: string) => SubjectEntity['kind'] | undefined> {
  const missing = memberships.map(({ of }) => of).filter((id) => !known.has(id));
  const found = await manager.query<readonly Pick<SubjectEntity, 'id' | 'kind'>[]>(
    'SELECT id, kind FROM subject WHERE id = ANY($1)',
    [missing],
  );
  const kinds = new Map([...known.values(), ...found].map(({ id, kind }) => [id, kind]));
  return (subject) => kinds.get(subject);
}

/** A membership asked for again: ended since, it is the same. */
function isSame(one: Membership, wanted: Membership): boolean {
  return (
    one.member === wanted.member &&
    one.of === wanted.of &&
    one.relation === wanted.relation &&
    one.fromDay === wanted.fromDay &&
    (wanted.toDay === null || wanted.toDay === one.toDay)
  );
}

function faultOf(
  { relation, member, of }: MembershipRow,
  subjects: ReadonlyMap<string, SubjectEntity>,
): { readonly code: ErrorCode; readonly member: keyof NewMembership } | undefined {
  const [one, other] = [subjects.get(member), subjects.get(of)];
  if (one === undefined || other === undefined || member === of) return { code: 'SUBJECT_KIND_WRONG', member: 'of' };
  if (!maySubjectsRelate(relation, one.kind, other.kind)) return { code: 'SUBJECT_KIND_WRONG', member: 'of' };
  // A parent is older, so nobody becomes their own ancestor.
  if (relation === 'child_of' && (one.birthYear ?? 0) <= (other.birthYear ?? 0))
    return { code: 'SUBJECT_KIND_WRONG', member: 'of' };
  if (one.endedOn !== null) return { code: 'SUBJECT_ENDED', member: 'member' };
  return other.endedOn === null ? undefined : { code: 'SUBJECT_ENDED', member: 'of' };
}

/** Whether days exist, come in order and are not ahead. */
function areDays(from: string, to: string, today: string): boolean {
  return isCalendarDay(from) && isCalendarDay(to) && from <= to && to <= today;
}

function acted(
  { username: actor }: Staff,
  action: string,
  target: string,
): { readonly actor: string; readonly action: string; readonly target: string } {
  return { actor, action, target };
}

function refuse(code: ErrorCode, at: number, member: keyof NewMembership): never {
  throw new GatewayError(code, { fields: [{ path: `/memberships/${at}/${member}`, message: 'is refused' }] });
}
