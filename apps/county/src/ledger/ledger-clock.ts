import type { EntityManager } from 'typeorm';

/** Any constant of our own; advisory locks are per database. */
export const LEDGER_LOCK = 0x6c_65_64_67;

/**
 * The instant (Unix seconds) under which entries, steps and postings are recorded in this transaction: now, but after the last
 * cut-off, also within one second. Those who record do not wait for one another, only for an assessment to end. So a cut-off
 * means the same ledger for ever after.
 */
export async function openRecording(manager: EntityManager, now: number): Promise<number> {
  const [row] = await manager.query<readonly { readonly at: Date }[]>(
    'SELECT recording_instant(to_timestamp($1), $2) AS at',
    [now, LEDGER_LOCK],
  );
  return secondsOf(row?.at ?? null);
}

/** The cut-off (Unix seconds) of an assessment made in this transaction: now, and not before anything already recorded. */
export async function closeLedgerAt(manager: EntityManager, now: number): Promise<number> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [LEDGER_LOCK]);
  const [row] = await manager.query<readonly { readonly at: Date | null }[]>(
    `SELECT greatest((SELECT max(recorded_at) FROM ledger_entry), (SELECT max(done_at) FROM entry_step),
      (SELECT max(made_at) FROM subject_merge)) AS at`,
  );
  return Math.max(now, secondsOf(row?.at ?? null));
}

function secondsOf(instant: Date | null): number {
  return instant === null ? 0 : Math.floor(instant.getTime() / 1000);
}
