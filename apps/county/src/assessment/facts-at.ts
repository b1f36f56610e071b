import type { EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import type { Facts, Membership, ScoredEntry } from '#libs/scheme';

type EntryRow = Omit<ScoredEntry, 'label'> & { readonly label: string | null };
type MembershipRow = Omit<Membership, 'to'> & { readonly to: string | null };

/**
 * What was known of a subject and its members at an instant (Unix seconds): every entry in the state to which its steps had
 * brought it by then, whatever has become of it since.
 */
export async function factsAt(manager: EntityManager, subject: string, scheme: string, at: number): Promise<Facts> {
  const memberships = await manager.query<readonly MembershipRow[]>(
    `SELECT member, "of", from_day::text AS "from",
      CASE WHEN changed_at <= to_timestamp($2) OR changed_at IS NULL THEN to_day::text END AS "to"
    FROM membership WHERE "of" = $1 AND relation = 'member_of' AND from_day <= $3
      AND recorded_at <= to_timestamp($2) AND (voided_at IS NULL OR voided_at > to_timestamp($2))`,
    [subject, at, shanghaiDay(at)],
  );
  const entries = await manager.query<readonly EntryRow[]>(
    `SELECT entry.id, entry.subject_id AS subject, entry.rule_id AS rule, entry.quantity, entry.label,
      entry.occurred_on::text AS "occurredOn", extract(epoch FROM entry.recorded_at)::float8 AS "recordedAt",
      coalesce(step.state, 'declared') AS state
    FROM ledger_entry AS entry LEFT JOIN LATERAL (
      SELECT state FROM entry_step
      WHERE entry_id = coalesce(entry.credit_of, entry.id) AND done_at <= to_timestamp($3) ORDER BY id DESC LIMIT 1
    ) AS step ON true
    WHERE entry.scheme_id = $1 AND entry.subject_id = ANY($2) AND entry.reverses IS NULL
      AND entry.recorded_at <= to_timestamp($3)`,
    [scheme, [subject, ...memberships.map(({ member }) => member)], at],
  );
  return {
    memberships: memberships.map(({ to, ...membership }) => ({ ...membership, ...(to !== null && { to }) })),
    entries: entries.map(({ label, ...entry }) => ({ ...entry, ...(label !== null && { label }) })),
  };
}
