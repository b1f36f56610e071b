import type { EntityManager } from 'typeorm';
import { AUDIT_INSERT } from '#libs/staff';
import type { EntryRow } from './entry-rows.js';
import { LEDGER_LOCK } from './ledger-clock.js';

/** What is declared: everything about an entry but when and its state. */
export type NewEntryRow = Omit<EntryRow, 'recordedAt' | 'state'>;

const COLUMNS = `(id, subject_id, scheme_id, scheme_version, rule_id, quantity, label, occurred_on, evidence, reason, reverses,
  credit_of, recorded_at, recorded_by, recorded_by_subject, state)`;

/**
 * Declares entries in one statement, together with one audit record for each who declared: the locks of the subjects, the instant after the last
 * cut-off, the rows in one order, so that requests with the same entries never wait for each other, and the count. Ids that are there are left as
 * they are; that they say the same is the caller's to find out. So are entries of a subject that was absorbed since it was looked up, and those
 * that credit one: a merge has counted what to move. A correction needs no such lock, for its origin's holds every merge up.
 * @param runner a transaction's, or the database itself where each row stands or falls alone
 * @param rows what is credited besides is added with its origin, and only then
 * @returns the ids that are new, without those credited besides
 */
export async function appendEntries(
  runner: Pick<EntityManager, 'query'>,
  rows: readonly NewEntryRow[],
  now: number,
): Promise<ReadonlySet<string>> {
  const added = await runner.query<readonly { readonly id: string }[]>(
    `WITH asked AS MATERIALIZED (
      SELECT subject, coalesce("creditOf", id) AS origin
      FROM jsonb_to_recordset($1) AS row (id text, subject uuid, "creditOf" text, reverses text) WHERE reverses IS NULL
    ), standing AS MATERIALIZED (
      SELECT id FROM subject WHERE id IN (SELECT subject FROM asked) AND merged_into IS NULL ORDER BY id FOR SHARE OF subject
    ), recording AS MATERIALIZED (
      SELECT recording_instant(to_timestamp($2), $3) AS at FROM (SELECT count(*) FROM standing) AS held
    ), declared AS (
      SELECT row.id, row.subject, row.scheme, row.version, row.rule, row.quantity, row.label, row."occurredOn", row.evidence, row.reason,
        row.reverses, row."creditOf", recording.at, row."recordedBy", row."recordedBySubject", 'declared'
      FROM recording, jsonb_to_recordset($1) AS row (id text, subject uuid, scheme text, version integer, rule text, quantity integer,
        label text, "occurredOn" date, evidence jsonb, reason text, reverses text, "creditOf" text,
        "recordedBy" text, "recordedBySubject" uuid)
      WHERE coalesce(row."creditOf", row.id) NOT IN (SELECT origin FROM asked WHERE subject NOT IN (SELECT id FROM standing))
      ORDER BY row.id COLLATE "C"
    ), added AS (
      INSERT INTO ledger_entry ${COLUMNS} SELECT * FROM declared WHERE "creditOf" IS NULL ON CONFLICT (id) DO NOTHING
      RETURNING id, recorded_by
    ), credited AS (
      INSERT INTO ledger_entry ${COLUMNS} SELECT * FROM declared WHERE "creditOf" IN (SELECT id FROM added)
    ), audited AS (
      ${AUDIT_INSERT}
      SELECT recording.at, added.recorded_by, 'entries.declared', NULL, jsonb_build_object('recorded', count(*))
      FROM recording, added GROUP BY recording.at, added.recorded_by
    )
    SELECT id FROM added`,
    [JSON.stringify(rows), now, LEDGER_LOCK],
  );
  return new Set(added.map(({ id }) => id));
}
