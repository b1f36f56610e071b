import { randomUUID } from 'node:crypto';
import { CountySchemes, Ledger } from '#apps/county';
import { medianRound } from '../measure.js';
import { type CountyStand, countyStands } from './county-stand.js';

const CLIENTS = 16;
const PEOPLE = 1_000;
const ROUND_MS = 1_500;

/**
 * Appends of one entry each with all checks (scheme, rule, subject, place, who declares; idempotency, audit record, the instant
 * after the last cut-off), as rate against bare inserts of the same rows: both by 16 clients through the pool of the service,
 * each committed by itself with synchronous_commit on, in turns.
 */
export async function ledgerAppend(): Promise<number> {
  const stands = await countyStands();
  const stand = await stands.open('county');
  try {
    const { appends, inserts } = await measured(stand);
    return appends / inserts;
  } finally {
    await stand.close();
    await stands.close();
  }
}

async function measured({ county, database, place }: CountyStand): Promise<Record<'appends' | 'inserts', number>> {
  const { id: scheme, version } = (await county.app.get(CountySchemes, { strict: false }).exported()).document;
  const people = Array.from({ length: PEOPLE }, (_, n) => ({ id: randomUUID(), handle: `bench-${n}` }));
  await database.query(
    `INSERT INTO subject (id, kind, handle, place, name, birth_year, has_account, created_at)
    SELECT id, 'person', handle, $2, '测试', 1980, true, now() FROM jsonb_to_recordset($1) AS person (id uuid, handle text)`,
    [JSON.stringify(people), place],
  );
  // The same columns, checks and indexes; no keys to other tables, no triggers.
  await database.query('CREATE TABLE bare_entry (LIKE ledger_entry INCLUDING ALL)');
  const ledger = county.app.get(Ledger, { strict: false });
  const by = { account: 'bench', subject: null, isResident: false, rolesAt: () => ['collector'] };
  const rule = 'contract-kept';
  const occurredOn = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  let next = 0;
  const append = async (): Promise<void> => {
    const at = (next += 1);
    const { handle: subject } = people[at % PEOPLE]!;
    await ledger.record([{ id: `append-${at}`, scheme, subject, rule, occurredOn }], by);
  };
  const insert = async (): Promise<void> => {
    const at = (next += 1);
    await database.query(
      `INSERT INTO bare_entry (id, subject_id, scheme_id, scheme_version, rule_id, quantity, occurred_on, recorded_at, recorded_by, state)
      VALUES ($1, $2, $3, $4, $5, 1, $6, now(), 'bench', 'declared')`,
      [`insert-${at}`, people[at % PEOPLE]!.id, scheme, version, rule, occurredOn],
    );
  };
  return medianRound(async () => ({ appends: await rateOfAll(append), inserts: await rateOfAll(insert) }));
}

/** Operations per second of all clients together. */
async function rateOfAll(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  let operations = 0;
  const client = async (): Promise<void> => {
    while (performance.now() - begin < ROUND_MS) {
      await work();
      operations += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return (operations * 1_000) / (performance.now() - begin);
}
