import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { ResidentEntity } from '../residents/resident.entity.js';
import type { PreparedSubject } from './prepare-subject.js';
import { SubjectEntity } from './subject.entity.js';

/**
 * Inserts the subjects whose handle is new, and for persons with an account the resident of the same id; leaves the others as
 * they are. In one order, so that two requests with the same subjects never wait for each other.
 * @param createdAt Unix seconds
 * @returns how many were new
 */
export async function insertSubjects(
  manager: EntityManager,
  subjects: readonly Pick<PreparedSubject, 'row' | 'documentLast4'>[],
  createdAt: number,
): Promise<number> {
  const inOrder = subjects
    .map(({ row, documentLast4 }) => ({ row: { ...row, id: randomUUID(), createdAt }, documentLast4 }))
    .toSorted((one, other) => (one.row.handle < other.row.handle ? -1 : 1));
  const inserted = await manager
    .createQueryBuilder()
    .insert()
    .into(SubjectEntity)
    .values(inOrder.map(({ row }) => row))
    .orIgnore()
    .returning('id')
    // Else the rows returned are laid over those given, one by one, whichever they are.
    .updateEntity(false)
    .execute();
  const raw = Array.isArray(inserted.raw) ? (inserted.raw as readonly { readonly id: string }[]) : [];
  const isNew = new Set(raw.map(({ id }) => id));
  const residents = inOrder.flatMap(({ row: { id, handle, name, birthYear }, documentLast4 }) =>
    isNew.has(id) && documentLast4 !== null && birthYear !== null
      ? [{ id, handle, name, birthYear, documentLast4, createdAt }]
      : [],
  );
  if (residents.length > 0) await manager.insert(ResidentEntity, residents);
  return isNew.size;
}
