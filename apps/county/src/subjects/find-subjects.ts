import { type EntityManager, In, IsNull } from 'typeorm';
import { GatewayError } from '#libs/platform';
import { type Staff, staffCovers } from '#libs/staff';
import type { PlaceTree } from '../places/place-tree.js';
import { SubjectEntity } from './subject.entity.js';

/**
 * The subjects that handles stand for today: a handle of one that was absorbed leads to the one that it turned out to be.
 * @returns by the handle as given; unknown ones are missing
 */
export async function subjectsByHandle(
  manager: EntityManager,
  handles: readonly string[],
): Promise<ReadonlyMap<string, SubjectEntity>> {
  const rows = await manager.findBy(SubjectEntity, { handle: In([...new Set(handles)]) });
  const found = new Map<string, SubjectEntity>();
  for (const row of rows) found.set(row.handle, await survivorOf(manager, row));
  return found;
}

/** Whether a subject left, died, was dissolved or absorbed. */
export async function isClosed(manager: EntityManager, id: string): Promise<boolean> {
  return !(await manager.existsBy(SubjectEntity, { id, endedOn: IsNull() }));
}

/** A subject, or the one it was absorbed into. A survivor was live when it absorbed another, so the way ends. */
export async function survivorOf(manager: EntityManager, subject: SubjectEntity): Promise<SubjectEntity> {
  let at = subject;
  while (at.mergedInto !== null) at = await manager.findOneByOrFail(SubjectEntity, { id: at.mergedInto });
  return at;
}

/** The id that a subject has today, which may have turned out to be another; `null` stays `null`. */
export async function survivorId(manager: EntityManager, id: string | null): Promise<string | null> {
  const [row] = await manager.query<readonly { readonly id: string | null }[]>('SELECT survivor_of($1::uuid) AS id', [
    id,
  ]);
  return row?.id ?? null;
}

/**
 * The subject of a handle, if it is within the scope of who asks.
 * @throws GatewayError NOT_FOUND, the same for one outside the scope
 */
export async function subjectInScope(
  manager: EntityManager,
  handle: string,
  staff: Staff,
  tree: PlaceTree,
): Promise<SubjectEntity> {
  const subject = (await subjectsByHandle(manager, [handle])).get(handle);
  if (subject === undefined || !staffCovers(staff, subject.place, tree)) throw new GatewayError('NOT_FOUND');
  return subject;
}

/** Locks subjects in the order of their ids and reads them as they are then; see `SubjectEntity`. */
export async function lockSubjects(
  manager: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SubjectEntity>> {
  const rows = await manager.find(SubjectEntity, {
    where: { id: In([...new Set(ids)]) },
    order: { id: 'ASC' },
    lock: { mode: 'for_no_key_update' },
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Locks one subject that is not closed.
 * @throws GatewayError SUBJECT_ENDED
 */
export async function lockLive(manager: EntityManager, id: string): Promise<SubjectEntity> {
  const subject = (await lockSubjects(manager, [id])).get(id);
  if (subject === undefined || subject.endedOn !== null) throw new GatewayError('SUBJECT_ENDED');
  return subject;
}
