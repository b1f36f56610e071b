import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type EntityManager, In, IsNull } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff, staffCovers } from '#libs/staff';
import { openRecording } from '../ledger/ledger-clock.js';
import { Places } from '../places/places.service.js';
import { CloseAccount } from './close-account.service.js';
import { lockSubjects, subjectInScope } from './find-subjects.js';
import { collides, type Membership, united } from './membership-rules.js';
import { MembershipEntity } from './membership.entity.js';
import { kindsOf } from './memberships.service.js';
import { SubjectMergeEntity } from './subject-merge.entity.js';
import { SubjectEntity } from './subject.entity.js';

export type SubjectMerge = Readonly<Pick<SubjectMergeEntity, 'id' | 'absorbed' | 'survivor'>>;

/**
 * Moves what another part of the county keeps about a subject. Both run inside the transaction of the merge, under the locks
 * of both subjects; what they throw undoes it all.
 */
export interface MergeListener {
  /** The absorbed subject's things become the survivor's. */
  merged(manager: EntityManager, merge: SubjectMerge): Promise<void>;
  /** @throws GatewayError MERGE_NOT_REVERSIBLE when it is no longer known whose is what */
  undone(manager: EntityManager, merge: SubjectMerge): Promise<void>;
}

/** Two records that turn out to be one subject, and the way back. */
@Injectable()
export class Merges {
  private readonly listeners: MergeListener[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly accounts: CloseAccount,
  ) {}

  /** Adds a part of the county that keeps something about subjects; they are asked in the order in which they came. */
  subscribe(listener: MergeListener): void {
    this.listeners.push(listener);
  }

  /**
   * Makes one subject of two of a kind. The survivor gets the memberships of both; the absorbed one's handle leads to it, and
   * what was issued to the absorbed one is revoked. The same again changes nothing.
   * @throws GatewayError NOT_FOUND (the absorbed), SUBJECT_UNKNOWN (the survivor), SUBJECT_ENDED, SUBJECT_KIND_WRONG,
   *   MEMBERSHIP_OVERLAPS when the two were in different households at one time
   */
  async merge(handle: string, into: string, reason: string, staff: Staff): Promise<void> {
    await this.accounts.transaction(async (manager) => {
      const { absorbed, survivor } = await this.lockPair(manager, handle, into, staff);
      if (absorbed.mergedInto === survivor.id) return;
      if (absorbed.endedOn !== null || survivor.endedOn !== null) throw new GatewayError('SUBJECT_ENDED');
      const isAlike = absorbed.kind === survivor.kind && absorbed.birthYear === survivor.birthYear;
      // Nobody gains an account by being absorbed, and none is lost.
      const isAccountKept = survivor.hasAccount || !absorbed.hasAccount;
      if (absorbed.id === survivor.id || !isAlike || !isAccountKept) throw new GatewayError('SUBJECT_KIND_WRONG');
      // After every cut-off so far: what was assessed before is explained by the subjects as they stood.
      const madeAt = await openRecording(manager, this.clock.now());
      const merge = { id: randomUUID(), absorbed: absorbed.id, survivor: survivor.id };
      await manager.insert(SubjectMergeEntity, { ...merge, reason, madeAt, undoneAt: null });
      await moveMemberships(manager, merge, madeAt);
      const end = { on: shanghaiDay(madeAt), cause: 'merged', mergedInto: survivor.id } as const;
      await this.accounts.close(manager, absorbed, end);
      for (const listener of this.listeners) await listener.merged(manager, merge);
      await this.audit.record(manager, {
        actor: staff.username,
        action: 'subject.merged',
        target: absorbed.handle,
        detail: { into: survivor.handle, reason },
      });
    });
  }

  /**
   * Takes a merge back while nothing has been built on it: memberships stand again as they did. What was revoked stays so.
   * @throws GatewayError NOT_FOUND, CONFLICT (not absorbed), SUBJECT_ENDED (the survivor), MERGE_NOT_REVERSIBLE
   */
  async undo(handle: string, reason: string, staff: Staff): Promise<void> {
    await this.accounts.transaction(async (manager) => {
      const before = await manager.findOneBy(SubjectEntity, { handle });
      const merge =
        before && (await manager.findOneBy(SubjectMergeEntity, { absorbed: before.id, undoneAt: IsNull() }));
      if (before === null) throw new GatewayError('NOT_FOUND');
      const { handle: into } = await subjectInScope(manager, handle, staff, await this.places.tree());
      if (merge === null) throw new GatewayError('CONFLICT');
      const { absorbed, survivor } = await this.lockPair(manager, handle, into, staff);
      if (survivor.id !== merge.survivor || survivor.endedOn !== null) throw new GatewayError('SUBJECT_ENDED');
      const { affected } = await manager.update(
        SubjectMergeEntity,
        { id: merge.id, undoneAt: IsNull() },
        { undoneAt: this.clock.now() },
      );
      if (affected !== 1) throw new GatewayError('CONFLICT');
      await restoreMemberships(manager, merge, this.clock.now());
      await manager.update(SubjectEntity, { id: absorbed.id }, { endedOn: null, endCause: null, mergedInto: null });
      for (const listener of this.listeners) await listener.undone(manager, merge);
      await this.audit.record(manager, {
        actor: staff.username,
        action: 'subject.merge_undone',
        target: handle,
        detail: { into, reason },
      });
    });
  }

  /** The record of the first handle itself, and the subject that the second one stands for, both locked. */
  private async lockPair(
    manager: EntityManager,
    handle: string,
    into: string,
    staff: Staff,
  ): Promise<{ readonly absorbed: SubjectEntity; readonly survivor: SubjectEntity }> {
    const tree = await this.places.tree();
    const one = await manager.findOneBy(SubjectEntity, { handle });
    if (one === null || !staffCovers(staff, one.place, tree)) throw new GatewayError('NOT_FOUND');
    const other = await subjectInScope(manager, into, staff, tree).catch((cause: unknown) => {
      throw cause instanceof GatewayError ? new GatewayError('SUBJECT_UNKNOWN', { cause }) : cause;
    });
    const locked = await lockSubjects(manager, [one.id, other.id]);
    const [absorbed, survivor] = [locked.get(one.id), locked.get(other.id)];
    if (absorbed === undefined || survivor === undefined) throw new GatewayError('NOT_FOUND');
    return { absorbed, survivor };
  }
}

/** Replaces the rows of both by rows of the survivor, those that overlap united; the replaced ones are void. */
async function moveMemberships(manager: EntityManager, merge: SubjectMerge, now: number): Promise<void> {
  const rows = await standingOf(manager, [merge.absorbed, merge.survivor]);
  const survivorFor = (id: string): string => (id === merge.absorbed ? merge.survivor : id);
  const groups = new Map<string, MembershipEntity[]>();
  for (const row of rows) {
    const key = `${row.relation} ${survivorFor(row.member)} ${survivorFor(row.of)}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const made: Membership[] = [];
  for (const group of groups.values()) {
    const [first] = group;
    const isTouched = group.some(({ member, of }) => member === merge.absorbed || of === merge.absorbed);
    if (first === undefined || !isTouched) continue;
    const [member, of] = [survivorFor(first.member), survivorFor(first.of)];
    if (member === of) throw new GatewayError('SUBJECT_KIND_WRONG');
    made.push(...united(group).map((span) => ({ relation: first.relation, member, of, ...span })));
    const replaced = { id: In(group.map(({ id }) => id)) };
    await manager.update(MembershipEntity, replaced, { voidedAt: now, voidedByMerge: merge.id });
  }
  const facts = { recordedAt: now, madeByMerge: merge.id, changedAt: null, voidedAt: null, voidedByMerge: null };
  if (made.length > 0)
    await manager.insert(
      MembershipEntity,
      made.map((row) => ({ ...row, ...facts, id: randomUUID() })),
    );
  await refuseCollisions(
    manager,
    [...new Set([merge.survivor, ...made.map(({ member }) => member)])],
    'MEMBERSHIP_OVERLAPS',
  );
}

async function restoreMemberships(manager: EntityManager, merge: SubjectMerge, now: number): Promise<void> {
  const made = await manager.findBy(MembershipEntity, { madeByMerge: merge.id });
  if (made.some(({ changedAt, voidedAt }) => changedAt !== null || voidedAt !== null))
    throw new GatewayError('MERGE_NOT_REVERSIBLE');
  await manager.update(MembershipEntity, { madeByMerge: merge.id }, { voidedAt: now });
  await manager.update(MembershipEntity, { voidedByMerge: merge.id }, { voidedAt: null, voidedByMerge: null });
  const members = (await standingOf(manager, [merge.absorbed, merge.survivor])).map(({ member }) => member);
  await refuseCollisions(manager, members, 'MERGE_NOT_REVERSIBLE');
}

/** What subjects belong to, and what belongs to them. */
async function standingOf(manager: EntityManager, ids: readonly string[]): Promise<MembershipEntity[]> {
  const either = In([...ids]);
  return manager.findBy(MembershipEntity, [
    { member: either, voidedAt: IsNull() },
    { of: either, voidedAt: IsNull() },
  ]);
}

async function refuseCollisions(
  manager: EntityManager,
  members: readonly string[],
  code: 'MEMBERSHIP_OVERLAPS' | 'MERGE_NOT_REVERSIBLE',
): Promise<void> {
  const rows = await manager.findBy(MembershipEntity, { member: In([...members]), voidedAt: IsNull() });
  const kindOf = await kindsOf(manager, rows, new Map());
  if (
    rows.some((row) =>
      collides(
        row,
        rows.filter(({ id }) => id !== row.id),
        kindOf,
      ),
    )
  )
    throw new GatewayError(code);
}
