import type { EntityManager } from 'typeorm';
import type { Person } from '#libs/ledger';
import { AUDIT_INSERT } from '#libs/staff';
import type { EntryRow } from './entry-rows.js';
import { LEDGER_LOCK } from './ledger-clock.js';

/** What is declared: everything about an entry but when, by whom and its state. */
export type NewEntryRow = Omit<EntryRow, 'recordedAt' | 'recordedBy' | 'recordedBySubject' | 'state'>;

const COLUMNS = `(id, subject_id, scheme_id, scheme_version, rule_id, quantity, label, occurred_on, evidence, reason, reverses,
  credit_of, recorded_at, recorded_by, recorded_by_subject, state)`;

/**
 * Declares entries in one statement, together with the audit record: the instant after the last cut-off, the rows in one
 * order, so that requests with the same entries never wait for each other, and the count. Ids that are there are left as
 * they are; that they say the same is the caller's to find out.
 * @param runner a transaction's, or the database itself for what stands or falls by one row
 * @param rows what is credited besides is added with its origin, and only then
 * @returns the ids that are new, without those credited besides
 */
export async function appendEntries(
  runner: Pick<EntityManager, 'query'>,
  rows: readonly NewEntryRow[],
  by: Person,
  now: number,
): Promise<ReadonlySet<string>> {
  const added = await runner.query<readonly { readonly id: string }[]>(
    `WITH recording AS MATERIALIZED (SELECT recording_instant(to_timestamp($2), $3) AS at),
    declared AS (
      SELECT row.id, row.subject, row.scheme, row.version, row.rule, row.quantity, row.label, row."occurredOn", row.evidence, row.reason,
        row.reverses, row."creditOf", recording.at, $4::text, $5::uuid, 'declared'
      FROM recording, jsonb_to_recordset($1) AS row (id text, subject uuid, scheme text, version integer, rule text, quantity integer,
        label text, "occurredOn" date, evidence jsonb, reason text, reverses text, "creditOf" text)
      ORDER BY row.id COLLATE "C"
    ), added AS (
      INSERT INTO ledger_entry ${COLUMNS} SELECT * FROM declared WHERE "creditOf" IS NULL ON CONFLICT (id) DO NOTHING RETURNING id
    ), credited AS (
      INSERT INTO ledger_entry ${COLUMNS} SELECT * FROM declared WHERE "creditOf" IN (SELECT id FROM added)
    ), audited AS (
      ${AUDIT_INSERT}
      SELECT recording.at, $4, 'entries.declared', NULL, jsonb_build_object('recorded', count(*))
      FROM recording, added GROUP BY recording.at
    )
    SELECT id FROM added`,
    [JSON.stringify(rows), now, LEDGER_LOCK, by.account, by.subject],
  );
  return new Set(added.map(({ id }) => id));
}
