import type { EntityManager } from 'typeorm';

/** Any constant of our own; advisory locks are per database. */
const LEDGER_LOCK = 0x6c_65_64_67;

/**
 * The instant (Unix seconds) under which entries are recorded in this transaction: now, but after the last cut-off, also
 * within one second. Those who record do not wait for one another, only for an assessment to end. So a cut-off means the
 * same entries for ever after.
 */
export async function openRecording(manager: EntityManager, now: number): Promise<number> {
  await manager.query('SELECT pg_advisory_xact_lock_shared($1)', [LEDGER_LOCK]);
  const lastCutOff = await latest(manager, 'SELECT max(cut_off) AS at FROM assessment_run');
  return Math.max(now, lastCutOff + 1);
}

/** The cut-off (Unix seconds) of an assessment made in this transaction: now, and not before anything already recorded. */
export async function closeLedgerAt(manager: EntityManager, now: number): Promise<number> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [LEDGER_LOCK]);
  return Math.max(now, await latest(manager, 'SELECT max(recorded_at) AS at FROM ledger_entry'));
}

async function latest(manager: EntityManager, query: string): Promise<number> {
  const [row] = await manager.query<readonly { readonly at: Date | null }[]>(query);
  return row?.at ? Math.floor(row.at.getTime() / 1000) : 0;
}
