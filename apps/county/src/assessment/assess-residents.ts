import { In, type EntityManager } from 'typeorm';
import { type AssessableEntry, assess, gradeOf, type SchemeDocument } from '#libs/scheme';
import { LedgerEntryEntity } from '../ledger/ledger-entry.entity.js';
import { ResidentEntity } from '../residents/resident.entity.js';
import type { AssessmentEntity } from './assessment.entity.js';

export type Result = Pick<AssessmentEntity, 'residentId' | 'base' | 'score' | 'grade' | 'lines'>;

const BATCH = 500;

/**
 * Assesses every resident, a batch at a time in the order of their ids, with the residents of each batch locked until the
 * transaction ends: nothing is issued to them by an older grade meanwhile.
 * @param when `cutOff` in Unix seconds
 */
export async function* assessResidents(
  manager: EntityManager,
  scheme: SchemeDocument,
  when: { readonly year: number; readonly cutOff: number },
): AsyncGenerator<readonly Result[]> {
  for (let after: string | undefined; ;) {
    const ids = await lockBatch(manager, after);
    after = ids.at(-1);
    if (after === undefined) return;
    const entries = await entriesOf(manager, ids, scheme.id, when.year);
    yield ids.map((residentId) => {
      const { base, score, lines } = assess(scheme, entries.get(residentId) ?? [], when);
      return { residentId, base, score, lines, grade: gradeOf(scheme, score) };
    });
  }
}

async function lockBatch(manager: EntityManager, after: string | undefined): Promise<readonly string[]> {
  const query = manager
    .createQueryBuilder(ResidentEntity, 'resident')
    .select('resident.id')
    .orderBy('resident.id')
    .limit(BATCH)
    .setLock('for_no_key_update');
  const residents = await (after === undefined ? query : query.where('resident.id > :after', { after })).getMany();
  return residents.map(({ id }) => id);
}

async function entriesOf(
  manager: EntityManager,
  residents: readonly string[],
  schemeId: string,
  year: number,
): Promise<ReadonlyMap<string, readonly AssessableEntry[]>> {
  const entries = await manager
    .createQueryBuilder(LedgerEntryEntity, 'entry')
    .where({ residentId: In(residents), schemeId, state: 'effective' })
    .andWhere('entry.occurredOn BETWEEN :first AND :last', { first: `${year}-01-01`, last: `${year}-12-31` })
    .getMany();
  const byResident = new Map<string, AssessableEntry[]>();
  for (const { id, residentId, ruleId, occurredOn, recordedAt, state, quantity: qty } of entries) {
    const own = byResident.get(residentId) ?? [];
    byResident.set(residentId, own);
    own.push({ id, ruleId, occurredOn, recordedAt, state, qty });
  }
  return byResident;
}
