import type { EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import type { Facts, Membership, ScoredEntry, Spending } from '#libs/scheme';

type EntryRow = Omit<ScoredEntry, 'label'> & { readonly label: string | null };
type MembershipRow = Omit<Membership, 'to'> & { readonly to: string | null };

/** Whose an entry was at `$3`: a merge since then has given it to the survivor. */
const SUBJECT_THEN = `coalesce((
    SELECT merge.absorbed FROM merged_entry JOIN subject_merge AS merge ON merge.id = merge_id
    WHERE entry_id = entry.id AND merge.made_at > to_timestamp($3) ORDER BY merge.made_at LIMIT 1
  ), entry.subject_id)`;

/**
 * What was known of a subject and its members at an instant (Unix seconds): every entry in the state to which its steps had
 * brought it by then, and in the hands of whose it was then, whatever has become of it since; and what was spent by then.
 */
export async function factsAt(manager: EntityManager, subject: string, scheme: string, at: number): Promise<Facts> {
  const memberships = await manager.query<readonly MembershipRow[]>(
    `SELECT member, "of", from_day::text AS "from",
      CASE WHEN changed_at <= to_timestamp($2) OR changed_at IS NULL THEN to_day::text END AS "to"
    FROM membership WHERE "of" = $1 AND relation = 'member_of' AND from_day <= $3
      AND recorded_at <= to_timestamp($2) AND (voided_at IS NULL OR voided_at > to_timestamp($2))`,
    [subject, at, shanghaiDay(at)],
  );
  const whose = [subject, ...memberships.map(({ member }) => member)];
  const entries = await manager.query<readonly EntryRow[]>(
    `WITH RECURSIVE holder AS (
      SELECT id, merged_into FROM subject WHERE id = ANY($2)
      UNION SELECT subject.id, subject.merged_into FROM subject JOIN holder ON subject.id = holder.merged_into
    )
    SELECT entry.id, ${SUBJECT_THEN} AS subject, entry.rule_id AS rule, entry.quantity, entry.label,
      entry.occurred_on::text AS "occurredOn", extract(epoch FROM entry.recorded_at)::float8 AS "recordedAt",
      coalesce(step.state, 'declared') AS state
    FROM ledger_entry AS entry LEFT JOIN LATERAL (
      SELECT state FROM entry_step
      WHERE entry_id = coalesce(entry.credit_of, entry.id) AND done_at <= to_timestamp($3) ORDER BY id DESC LIMIT 1
    ) AS step ON true
    WHERE entry.scheme_id = $1 AND entry.subject_id IN (SELECT id FROM holder) AND entry.reverses IS NULL
      AND entry.recorded_at <= to_timestamp($3)`,
    [scheme, whose, at],
  );
  return {
    memberships: memberships.map(({ to, ...membership }) => ({ ...membership, ...(to !== null && { to }) })),
    entries: entries.map(({ label, ...entry }) => ({ ...entry, ...(label !== null && { label }) })),
    spending: await spendingAt(manager, whose, scheme, at),
  };
}

/** Postings never move: a merge adds its own. No entry's id begins with `~`. */
function spendingAt(
  manager: EntityManager,
  subjects: readonly string[],
  scheme: string,
  at: number,
): Promise<readonly Spending[]> {
  return manager.query(
    `SELECT '~' || id AS id, subject_id AS subject, cause, (points - shortage)::float8 AS points,
      (posted_at AT TIME ZONE 'Asia/Shanghai')::date::text AS "occurredOn", extract(epoch FROM posted_at)::float8 AS "recordedAt"
    FROM posting WHERE scheme_id = $1 AND subject_id = ANY($2) AND cause NOT IN ('entry', 'shortage_settled')
      AND posted_at <= to_timestamp($3)`,
    [scheme, subjects, at],
  );
}
