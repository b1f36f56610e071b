import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { Clock } from '#libs/platform';
import { Revocations } from '../attestations/revocations.service.js';
import { EnrolmentCodeEntity } from '../enrolment/enrolment-code.entity.js';
import { Enrolments } from '../enrolment/enrolments.service.js';
import { lockResident } from '../residents/residents.service.js';
import { DoorEntity } from './door.entity.js';
import type { EndCause, SubjectEntity } from './subject.entity.js';

/** Closes subjects: doors stop opening, phones become strangers, and everything issued is revoked. What was earned stays. */
@Injectable()
export class CloseAccount {
  constructor(
    private readonly clock: Clock,
    private readonly revocations: Revocations,
    private readonly enrolments: Enrolments,
  ) {}

  /** A transaction in which subjects may be closed; see `Revocations.transaction`. */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.revocations.transaction(work);
  }

  /**
   * Closes a subject whose lock the caller holds (`lockSubjects`). Its memberships are the caller's matter.
   * @param mergedInto the survivor, where the subject is absorbed
   */
  async close(
    manager: EntityManager,
    { id, kind, hasAccount }: SubjectEntity,
    end: { readonly on: string; readonly cause: EndCause; readonly mergedInto: string | null },
  ): Promise<void> {
    const now = this.clock.now();
    const { on: endedOn, cause: endCause, mergedInto } = end;
    await manager.query('UPDATE subject SET ended_on = $2, end_cause = $3, merged_into = $4 WHERE id = $1', [
      id,
      endedOn,
      endCause,
      mergedInto,
    ]);
    await manager.update(DoorEntity, { subjectId: id, revokedAt: IsNull() }, { revokedAt: now });
    if (kind !== 'person' || !hasAccount) return;
    await lockResident(manager, id);
    await manager.update(EnrolmentCodeEntity, { residentId: id, voidedAt: IsNull() }, { voidedAt: now });
    await this.revocations.endKeys(manager, { residentId: id }, 'account_closed');
    await this.enrolments.end(manager, id);
  }
}
