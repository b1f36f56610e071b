import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { isCalendarDay, shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff } from '#libs/staff';
import { Places } from '../places/places.service.js';
import { CloseAccount } from './close-account.service.js';
import { lockSubjects, subjectInScope } from './find-subjects.js';
import { MembershipEntity } from './membership.entity.js';
import { type EndCause, SubjectEntity } from './subject.entity.js';

/** How a subject ends of itself: a person leaves the county or dies, anything else is dissolved. */
export type OwnEnd = Exclude<EndCause, 'merged'>;

/** Ends subjects, and takes an end back that was recorded by mistake. */
@Injectable()
export class Endings {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly accounts: CloseAccount,
  ) {}

  /**
   * Ends a subject: its memberships and those of its members end with that day, its account is closed. The same again changes
   * nothing.
   * @param on the day it happened, not ahead
   * @throws GatewayError NOT_FOUND, SUBJECT_ENDED (otherwise), SUBJECT_KIND_WRONG, MEMBERSHIP_DAY_WRONG
   */
  async end(handle: string, cause: OwnEnd, on: string, staff: Staff): Promise<void> {
    const now = this.clock.now();
    if (!isCalendarDay(on) || on > shanghaiDay(now)) throw new GatewayError('MEMBERSHIP_DAY_WRONG');
    const tree = await this.places.tree();
    await this.accounts.transaction(async (manager) => {
      const { id } = await subjectInScope(manager, handle, staff, tree);
      const subject = (await lockSubjects(manager, [id])).get(id);
      if (subject === undefined) throw new GatewayError('NOT_FOUND');
      if (subject.endedOn === on && subject.endCause === cause) return;
      if (subject.endedOn !== null) throw new GatewayError('SUBJECT_ENDED');
      if ((cause === 'dissolved') === (subject.kind === 'person')) throw new GatewayError('SUBJECT_KIND_WRONG');
      for (const column of ['member', 'of'] as const) {
        const own = { [column]: id, voidedAt: IsNull() };
        for (const { id: membership, fromDay, toDay } of await manager.findBy(MembershipEntity, own))
          if (fromDay > on) await manager.update(MembershipEntity, { id: membership }, { voidedAt: now });
          else if (toDay === null || toDay > on)
            await manager.update(MembershipEntity, { id: membership }, { toDay: on, changedAt: now });
      }
      await this.accounts.close(manager, subject, { on, cause, mergedInto: null });
      await this.audit.record(manager, {
        actor: staff.username,
        action: 'subject.ended',
        target: subject.handle,
        detail: { cause, on },
      });
    });
  }

  /**
   * Takes an end back: somebody came back, or never left. Memberships, doors and phones do not come back with it.
   * @throws GatewayError NOT_FOUND, CONFLICT when the subject has not ended
   */
  async reopen(handle: string, reason: string, staff: Staff): Promise<void> {
    const tree = await this.places.tree();
    await this.database.transaction(async (manager) => {
      const { id } = await subjectInScope(manager, handle, staff, tree);
      const subject = (await lockSubjects(manager, [id])).get(id);
      if (subject?.endCause === undefined || subject.endCause === null || subject.endCause === 'merged')
        throw new GatewayError('CONFLICT');
      await manager.update(SubjectEntity, { id }, { endedOn: null, endCause: null });
      await this.audit.record(manager, {
        actor: staff.username,
        action: 'subject.reopened',
        target: subject.handle,
        detail: { reason },
      });
    });
  }
}
