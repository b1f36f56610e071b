import type { EntityManager } from 'typeorm';
import type { EntryState } from '#libs/scheme';
import type { PointsEntry } from '../wallets/rule-totals.js';
import type { Evidence } from './ledger-entry.entity.js';

/** An entry as the ledger holds it. Days are `YYYY-MM-DD`, Asia/Shanghai; instants Unix seconds. */
export interface EntryRow {
  readonly id: string;
  readonly subject: string;
  readonly scheme: string;
  readonly version: number;
  readonly rule: string;
  readonly quantity: number;
  readonly label: string | null;
  readonly occurredOn: string;
  readonly evidence: readonly Evidence[];
  readonly reason: string | null;
  readonly reverses: string | null;
  readonly creditOf: string | null;
  readonly recordedAt: number;
  readonly recordedBy: string;
  readonly recordedBySubject: string | null;
  readonly state: EntryState;
}

/**
 * The place of an entry's subject, for a query that locks `entry`. Joined, a row would be missing whose subject changed while
 * the query waited for its lock.
 */
export const PLACE_OF_ENTRY = '(SELECT place FROM subject WHERE subject.id = entry.subject_id)';

/** Of a table or alias `entry`. Whoever recorded it for a subject that was absorbed is the subject it turned out to be. */
export const ENTRY_COLUMNS = `entry.id, entry.subject_id AS subject, entry.scheme_id AS scheme, entry.scheme_version AS version,
  entry.rule_id AS rule, entry.quantity, entry.label, entry.occurred_on::text AS "occurredOn", entry.evidence, entry.reason,
  entry.reverses, entry.credit_of AS "creditOf", extract(epoch FROM entry.recorded_at)::float8 AS "recordedAt",
  entry.recorded_by AS "recordedBy", survivor_of(entry.recorded_by_subject) AS "recordedBySubject", entry.state`;

/** States in which an entry has made points that may be spent: what was earned stays spendable when it no longer grades. */
export const EARNED_STATES = "('effective', 'upheld', 'expired')";

export function hasEarned({ state, reverses }: Pick<EntryRow, 'state' | 'reverses'>): boolean {
  return reverses === null && (state === 'effective' || state === 'upheld' || state === 'expired');
}

export function asPoints(row: EntryRow): PointsEntry {
  const { id, subject, scheme, version, rule, quantity, label, occurredOn, recordedAt, state } = row;
  return {
    id,
    subject,
    scheme,
    version,
    rule,
    quantity,
    occurredOn,
    recordedAt,
    state,
    ...(label === null ? {} : { label }),
  };
}

/** The entries that have earned points, of the totals that these entries belong to (`totalKey`). */
export async function earnedBeside(
  manager: EntityManager,
  entries: readonly EntryRow[],
): Promise<readonly PointsEntry[]> {
  const totals = new Map(
    entries.map(({ subject, scheme, version, rule, occurredOn }) => {
      const year = occurredOn.slice(0, 4);
      return [[subject, scheme, version, rule, year].join('\n'), { subject, scheme, version, rule, year }];
    }),
  );
  if (totals.size === 0) return [];
  const rows = await manager.query<readonly EntryRow[]>(
    `SELECT ${ENTRY_COLUMNS} FROM jsonb_to_recordset($1)
      AS total (subject uuid, scheme text, version integer, rule text, year text)
    JOIN ledger_entry AS entry ON entry.subject_id = total.subject AND entry.scheme_id = total.scheme
      AND entry.scheme_version = total.version AND entry.rule_id = total.rule
      AND entry.occurred_on BETWEEN (total.year || '-01-01')::date AND (total.year || '-12-31')::date
    WHERE entry.state IN ${EARNED_STATES} AND entry.reverses IS NULL`,
    [JSON.stringify([...totals.values()])],
  );
  return rows.map(asPoints);
}
