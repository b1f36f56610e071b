import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull } from 'typeorm';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff, staffCovers } from '#libs/staff';
import { openRecording } from '../ledger/ledger-clock.js';
import { Places } from '../places/places.service.js';
import { ResidentEntity } from '../residents/resident.entity.js';
import { lockResident } from '../residents/residents.service.js';
import { lockLive, subjectInScope } from './find-subjects.js';
import type { Relation } from './membership-rules.js';
import { MembershipEntity } from './membership.entity.js';
import { SubjectEntity } from './subject.entity.js';
import { isSurelyAdult } from './surely-adult.js';

/** A subject as staff see it; namesakes are told apart by the last four characters of their documents. */
export interface ShownSubject {
  readonly subject: SubjectEntity;
  readonly documentLast4: string | null;
}

/** One end of a membership: the other subject, and from when to when. */
export interface Tie {
  readonly relation: Relation;
  readonly handle: string;
  readonly kind: SubjectEntity['kind'];
  readonly from: string;
  readonly to: string | null;
}

export interface SubjectSearch {
  readonly place: string;
  readonly name?: string;
  readonly doorNumber?: string;
}

export interface SubjectChange {
  readonly place?: string;
  readonly name?: string;
  readonly doorNumber?: string;
}

/** A longer list is a question asked too widely. */
const MOST_FOUND = 50;

/** Finds and shows subjects, and changes what may change about them. */
@Injectable()
export class Subjects {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
  ) {}

  /**
   * A subject with what it belongs to and what belongs to it, by the day it began.
   * @throws GatewayError NOT_FOUND
   */
  async show(
    handle: string,
    staff: Staff,
  ): Promise<ShownSubject & { readonly memberOf: readonly Tie[]; readonly members: readonly Tie[] }> {
    const { manager } = this.database;
    const subject = await subjectInScope(manager, handle, staff, await this.places.tree());
    const [shown] = await this.withLast4([subject]);
    if (shown === undefined) throw new GatewayError('NOT_FOUND');
    return {
      ...shown,
      memberOf: await this.tiesOf('member', subject.id),
      members: await this.tiesOf('of', subject.id),
    };
  }

  /**
   * Everybody of a name, or behind a door number, in a place that is not closed: several where there are several, by handle.
   * @returns at most fifty, and whether there are more
   * @throws GatewayError PLACE_UNKNOWN, PLACE_OUT_OF_SCOPE
   */
  async search(
    { place, name, doorNumber }: SubjectSearch,
    staff: Staff,
  ): Promise<{ readonly found: readonly ShownSubject[]; readonly more: boolean }> {
    const tree = await this.places.tree();
    if (tree.get(place) === undefined) throw new GatewayError('PLACE_UNKNOWN');
    if (!staffCovers(staff, place, tree)) throw new GatewayError('PLACE_OUT_OF_SCOPE');
    const rows = await this.database.manager.find(SubjectEntity, {
      where: {
        place: In([...tree.within(place)]),
        endedOn: IsNull(),
        ...(name === undefined ? {} : { name }),
        ...(doorNumber === undefined ? {} : { doorNumber }),
      },
      order: { handle: 'ASC' },
      take: MOST_FOUND + 1,
    });
    const found = await this.withLast4(rows.slice(0, MOST_FOUND));
    const by = name === undefined ? 'door number' : 'name';
    const detail = { place, by, found: found.length };
    await this.audit.record(undefined, { actor: staff.username, action: 'subjects.searched', detail });
    return { found, more: rows.length > MOST_FOUND };
  }

  /**
   * Corrects a name or door number, or moves a subject to another place of the county.
   * @throws GatewayError NOT_FOUND, SUBJECT_ENDED, PLACE_UNKNOWN, PLACE_OUT_OF_SCOPE, SUBJECT_KIND_WRONG (no door)
   */
  async change(handle: string, to: SubjectChange, staff: Staff): Promise<void> {
    const tree = await this.places.tree();
    const { place, name, doorNumber } = to;
    if (place !== undefined && tree.get(place) === undefined) throw new GatewayError('PLACE_UNKNOWN');
    if (place !== undefined && !staffCovers(staff, place, tree)) throw new GatewayError('PLACE_OUT_OF_SCOPE');
    await this.database.transaction(async (manager) => {
      const { id } = await subjectInScope(manager, handle, staff, tree);
      const subject = await lockLive(manager, id);
      const hasDoor = subject.kind === 'household' || subject.kind === 'building';
      if (doorNumber !== undefined && !hasDoor) throw new GatewayError('SUBJECT_KIND_WRONG');
      const changed = Object.fromEntries(Object.entries({ place, name, doorNumber }).filter(([, value]) => value));
      if (Object.keys(changed).length === 0) return;
      await manager.update(SubjectEntity, { id }, changed);
      // After every cut-off so far: what was assessed before was assessed in the old place.
      if (place !== undefined && place !== subject.place)
        await manager.update(SubjectEntity, { id }, { placeSince: await openRecording(manager, this.clock.now()) });
      if (name !== undefined) await manager.update(ResidentEntity, { id }, { name });
      const detail = { changed: Object.keys(changed).join(' '), from: subject.place, to: place ?? subject.place };
      const acted = { actor: staff.username, action: 'subject.changed', target: subject.handle };
      await this.audit.record(manager, { ...acted, detail });
    });
  }

  /**
   * Opens the account of a person who had none: of age by now, or joining late. The same again changes nothing.
   * @throws GatewayError NOT_FOUND, SUBJECT_ENDED, SUBJECT_KIND_WRONG, SUBJECT_MINOR, SUBJECT_DIFFERS
   */
  async openAccount(handle: string, documentLast4: string, staff: Staff): Promise<void> {
    const tree = await this.places.tree();
    const now = this.clock.now();
    await this.database.transaction(async (manager) => {
      const { id } = await subjectInScope(manager, handle, staff, tree);
      const { kind, name, birthYear, hasAccount, handle: own } = await lockLive(manager, id);
      if (kind !== 'person' || birthYear === null) throw new GatewayError('SUBJECT_KIND_WRONG');
      if (hasAccount) {
        const resident = await lockResident(manager, id);
        if (resident.documentLast4 !== documentLast4) throw new GatewayError('SUBJECT_DIFFERS');
        return;
      }
      if (!isSurelyAdult(birthYear, now)) throw new GatewayError('SUBJECT_MINOR');
      await manager.update(SubjectEntity, { id }, { hasAccount: true });
      await manager.insert(ResidentEntity, { id, handle: own, name, birthYear, documentLast4, createdAt: now });
      await this.audit.record(manager, { actor: staff.username, action: 'subject.account_opened', target: own });
    });
  }

  /** Puts the last four characters beside those who have them. */
  async withLast4(subjects: readonly SubjectEntity[]): Promise<readonly ShownSubject[]> {
    const residents = await this.database.manager.find(ResidentEntity, {
      select: { id: true, documentLast4: true },
      where: { id: In(subjects.map(({ id }) => id)) },
    });
    const last4 = new Map(residents.map(({ id, documentLast4 }) => [id, documentLast4]));
    return subjects.map((subject) => ({ subject, documentLast4: last4.get(subject.id) ?? null }));
  }

  private async tiesOf(side: 'member' | 'of', id: string): Promise<readonly Tie[]> {
    const rows = await this.database.manager.find(MembershipEntity, {
      where: { [side]: id, voidedAt: IsNull() },
      order: { fromDay: 'ASC', id: 'ASC' },
    });
    const others = rows.map(({ member, of }) => (side === 'member' ? of : member));
    const subjects = await this.database.manager.findBy(SubjectEntity, { id: In(others) });
    const byId = new Map(subjects.map((subject) => [subject.id, subject]));
    return rows.flatMap(({ relation, fromDay: from, toDay: to }, at) => {
      const other = byId.get(others[at] ?? '');
      return other === undefined ? [] : [{ relation, handle: other.handle, kind: other.kind, from, to }];
    });
  }
}
