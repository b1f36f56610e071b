import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { Clock, type ErrorCode, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff, staffCovers } from '#libs/staff';
import { Places } from '../places/places.service.js';
import { ResidentEntity } from '../residents/resident.entity.js';
import { Documents } from './documents.service.js';
import { insertSubjects } from './insert-subjects.js';
import { type NewSubject, prepareSubject, type PreparedSubject } from './prepare-subject.js';
import { SubjectEntity } from './subject.entity.js';

/** Takes subjects into the county's register. */
@Injectable()
export class RecordSubjects {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly documents: Documents,
  ) {}

  /**
   * Records subjects, all or none; a handle that is there already with the same content is left as it is.
   * @throws GatewayError BODY_INVALID, PLACE_UNKNOWN, PLACE_OUT_OF_SCOPE, SUBJECT_MINOR, SUBJECT_DIFFERS,
   *   DOCUMENT_NUMBER_INVALID, DOCUMENT_NUMBER_TAKEN, each naming the place in the list
   */
  async record(
    subjects: readonly NewSubject[],
    staff: Staff,
  ): Promise<{ readonly recorded: number; readonly existing: number }> {
    await this.checkPlaces(subjects, staff);
    const now = this.clock.now();
    const prepared = subjects.map((subject, at) => {
      const result = prepareSubject(subject, now);
      return 'code' in result ? refuse(result.code, at, result.member) : result;
    });
    return this.database.transaction(async (manager) => {
      const recorded = await insertSubjects(manager, prepared, now);
      const ids = await refuseDifferent(manager, prepared);
      const wanted = prepared.flatMap(({ row, document }, at) =>
        document === undefined ? [] : [{ subject: ids.get(row.handle) ?? '', document, at }],
      );
      for (const [index, code] of await this.documents.record(manager, wanted))
        refuse(code, wanted[index]?.at ?? 0, 'document');
      const counts = { recorded, existing: subjects.length - recorded };
      await this.audit.record(manager, { actor: staff.username, action: 'subjects.recorded', detail: counts });
      return counts;
    });
  }

  private async checkPlaces(subjects: readonly NewSubject[], staff: Staff): Promise<void> {
    const tree = await this.places.tree();
    for (const [at, { place }] of subjects.entries()) {
      if (tree.get(place) === undefined) refuse('PLACE_UNKNOWN', at, 'place');
      if (!staffCovers(staff, place, tree)) refuse('PLACE_OUT_OF_SCOPE', at, 'place');
    }
  }
}

/** @returns the ids by handle */
async function refuseDifferent(
  manager: EntityManager,
  prepared: readonly PreparedSubject[],
): Promise<ReadonlyMap<string, string>> {
  const subjects = await manager.findBy(SubjectEntity, { handle: In(prepared.map(({ row }) => row.handle)) });
  const residents = await manager.findBy(ResidentEntity, { id: In(subjects.map(({ id }) => id)) });
  const byHandle = new Map(subjects.map((subject) => [subject.handle, subject]));
  const last4 = new Map(residents.map(({ id, documentLast4 }) => [id, documentLast4]));
  for (const [at, { row, documentLast4 }] of prepared.entries()) {
    const there = byHandle.get(row.handle);
    const isSame =
      there?.kind === row.kind &&
      there.place === row.place &&
      there.name === row.name &&
      there.birthYear === row.birthYear &&
      there.doorNumber === row.doorNumber &&
      there.hasAccount === row.hasAccount &&
      (last4.get(there.id) ?? null) === documentLast4;
    if (!isSame) refuse('SUBJECT_DIFFERS', at, 'handle');
  }
  return new Map(subjects.map(({ handle, id }) => [handle, id]));
}

function refuse(code: ErrorCode, at: number, member: keyof NewSubject): never {
  throw new GatewayError(code, { fields: [{ path: `/subjects/${at}/${member}`, message: 'is refused' }] });
}
