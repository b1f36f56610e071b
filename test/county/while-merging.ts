import { waitFor } from '#libs/testing';
import type { Answer, RunningCounty } from './running-county.js';

/**
 * Lets a merge go as far as its last line, the audit record, and sends a request while it is there: the request has seen two
 * subjects, and is done when there is one. Whoever asks is to be signed in already, for that is on record too.
 * @returns the answer to the merge, and that to the request
 */
export async function whileMerging(
  { database, as }: Pick<RunningCounty, 'database' | 'as'>,
  [handle, into]: readonly [string, string],
  ask: () => Promise<Answer>,
): Promise<readonly [Answer, Answer]> {
  const registrar = await as('registrar');
  const stop = database.createQueryRunner();
  await stop.startTransaction();
  try {
    await stop.query('LOCK TABLE audit_record IN EXCLUSIVE MODE');
    const merge = { into, reason: 'one subject' };
    const merging = registrar('POST', `/v1/admin/subjects/${handle}/merges`, merge);
    await waiting(database, 1);
    const asked = ask();
    await waiting(database, 2);
    await stop.commitTransaction();
    return await Promise.all([merging, asked]);
  } finally {
    await stop.release();
  }
}

/** Until so many statements wait for a lock; whoever seals the trail waits as well, now and then. */
async function waiting(database: RunningCounty['database'], n: number): Promise<void> {
  await waitFor(async () => {
    const rows = await database.query<readonly unknown[]>(
      `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND query NOT ILIKE '%seal%'`,
    );
    return rows.length === n;
  });
}
