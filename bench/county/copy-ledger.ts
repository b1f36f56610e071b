import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { monthsAfter } from '#libs/scheme';
import type { CountyStand } from './county-stand.js';

export const ENTRIES_EACH = 20;
/** Lines of one write: a chunk of some 100 KB. */
const CHUNK = 500;
const DAY_MS = 86_400_000;

/** The rules of the county's scheme that entries are drawn from, the common ones more often. */
const RULES = [
  ...Array.from({ length: 6 }, () => 'commitment-kept'),
  ...Array.from({ length: 4 }, () => 'contract-kept'),
  'tax-honest',
  'judgment-performed',
  'property-returned',
  'honour-county',
  'honour-city',
  'contract-broken',
  'tax-late',
  'false-statement',
  'judgment-unperformed',
  'counterfeit-sale',
] as const;
const TWO_YEARS: ReadonlySet<string> = new Set(['judgment-unperformed', 'counterfeit-sale']);

/** Indexes that are made once everything is in, as anybody does who moves a county's records over. */
const INDEXES = ['ledger_entry_of_resident', 'ledger_entry_recorded', 'ledger_entry_due', 'ledger_entry_open'];

/**
 * Loads residents with twenty effective entries of this year each, drawn by a fixed rule, through COPY: in one transaction,
 * keys to other tables not looked up row by row, indexes made at the end.
 */
export async function copyLedger({ config, place }: CountyStand, residents: number): Promise<void> {
  const client = new pg.Client({ connectionString: config.databaseUrl });
  await client.connect();
  try {
    const found = await client.query<{ readonly name: string; readonly definition: string }>(
      'SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE indexname = ANY($1)',
      [INDEXES],
    );
    await client.query('BEGIN');
    await client.query("SET LOCAL session_replication_role = replica; SET LOCAL maintenance_work_mem = '512MB'");
    for (const { name } of found.rows) await client.query(`DROP INDEX ${name}`);
    const subject = 'subject (id, kind, handle, place, name, birth_year, has_account, created_at)';
    await copy(client, subject, subjects(residents, place));
    await copy(client, 'resident (id, handle, name, document_last4, birth_year, created_at)', persons(residents));
    const columns =
      'id, subject_id, scheme_id, scheme_version, rule_id, quantity, occurred_on, recorded_at, recorded_by, state';
    await copy(client, `ledger_entry (${columns}, due_on)`, entries(residents));
    for (const { definition } of found.rows) await client.query(definition);
    await client.query('COMMIT');
    await client.query('VACUUM (ANALYZE) subject, ledger_entry');
  } finally {
    await client.end();
  }
}

async function copy(client: pg.Client, into: string, lines: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(chunks(lines)), client.query(copyFrom(`COPY ${into} FROM STDIN`)));
}

function* chunks(lines: Iterable<string>): Generator<string> {
  let chunk: string[] = [];
  for (const line of lines) {
    chunk.push(line);
    if (chunk.length < CHUNK) continue;
    yield chunk.join('');
    chunk = [];
  }
  yield chunk.join('');
}

/** Ids in no order, as random ones are: what belongs together does not lie together. */
function idOf(resident: number): string {
  const mixed = Math.imul(resident + 1, 0x9e3779b1) >>> 0;
  const hex = mixed.toString(16).padStart(8, '0');
  return `${hex}-0000-4000-8000-${resident.toString(16).padStart(12, '0')}`;
}

function* subjects(residents: number, place: string): Generator<string> {
  for (let at = 0; at < residents; at += 1)
    yield `${idOf(at)}\tperson\tbench-${at}\t${place}\t测试\t1980\tt\t2020-01-01T00:00:00Z\n`;
}

function* persons(residents: number): Generator<string> {
  for (let at = 0; at < residents; at += 1) yield `${idOf(at)}\tbench-${at}\t测试\t123X\t1980\t2020-01-01T00:00:00Z\n`;
}

/** As a ledger grows: day by day, everybody's first entry before anybody's second. */
function* entries(residents: number): Generator<string> {
  const year = new Date().getUTCFullYear();
  const days = Math.max(1, Math.floor((Date.now() - Date.UTC(year, 0, 1)) / DAY_MS) - 1);
  for (let turn = 0; turn < ENTRIES_EACH; turn += 1) {
    const day = new Date(Date.UTC(year, 0, 1 + Math.floor((turn * days) / ENTRIES_EACH)));
    const on = day.toISOString().slice(0, 10);
    const [afterOneYear, afterTwo] = [monthsAfter(on, 12), monthsAfter(on, 24)];
    for (let at = 0; at < residents; at += 1) {
      const rule = RULES[(Math.imul(at * ENTRIES_EACH + turn + 1, 0x85ebca6b) >>> 16) % RULES.length] ?? RULES[0];
      const expires = TWO_YEARS.has(rule) ? afterTwo : afterOneYear;
      const facts = `${rule}\t${1 + ((at + turn) % 3)}\t${on}\t${on}T04:00:00Z`;
      yield `b${turn}-${at}\t${idOf(at)}\tcn-371003-haibei\t1\t${facts}\tbench\teffective\t${expires}\n`;
    }
  }
}
