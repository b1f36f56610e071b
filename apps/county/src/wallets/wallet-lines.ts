import type { EntityManager } from 'typeorm';
import type { WalletLine } from '#libs/ledger';
import { asPoints, EARNED_STATES, ENTRY_COLUMNS, type EntryRow } from '../ledger/entry-rows.js';
import { pointsOf, type RuleOf } from './rule-totals.js';

interface SumRow {
  readonly subject: string;
  /** Bigints and numerics, as text. */
  readonly balance: string;
  readonly shortage: string;
  readonly posted: string;
  readonly spent: string;
  readonly waived: string;
}

const BATCH = 500;

/**
 * Everything a settlement (`settle`) compares: each wallet of a scheme, its postings, and what the rules make of the entries;
 * also of subjects who have earned and have no wallet. In the caller's transaction; a repeatable read sees one state.
 * @param only ids of subjects; everybody where left out
 */
export async function walletLines(
  manager: EntityManager,
  scheme: string,
  ruleOf: RuleOf,
  only?: readonly string[],
): Promise<readonly WalletLine[]> {
  const subjects = only ?? (await everybody(manager, scheme));
  const lines: WalletLine[] = [];
  for (let at = 0; at < subjects.length; at += BATCH)
    lines.push(...(await batch(manager, scheme, ruleOf, subjects.slice(at, at + BATCH))));
  return lines;
}

async function everybody(manager: EntityManager, scheme: string): Promise<readonly string[]> {
  const rows = await manager.query<readonly { readonly subject: string }[]>(
    `SELECT subject_id AS subject FROM wallet WHERE scheme_id = $1
    UNION SELECT subject_id FROM ledger_entry WHERE scheme_id = $1 AND state IN ${EARNED_STATES} AND reverses IS NULL
    ORDER BY subject`,
    [scheme],
  );
  return rows.map(({ subject }) => subject);
}

async function batch(
  manager: EntityManager,
  scheme: string,
  ruleOf: RuleOf,
  subjects: readonly string[],
): Promise<readonly WalletLine[]> {
  const sums = await manager.query<readonly SumRow[]>(
    `SELECT subject.id AS subject, coalesce(wallet.balance, 0) AS balance, coalesce(wallet.shortage, 0) AS shortage,
      coalesce(sum(points), 0) AS posted,
      coalesce(sum(posting.shortage - points) FILTER (WHERE cause NOT IN ('entry', 'shortage_settled')), 0) AS spent,
      coalesce(sum(points - posting.shortage) FILTER (WHERE cause = 'shortage_settled'), 0) AS waived
    FROM unnest($2::uuid[]) AS subject (id)
    LEFT JOIN wallet ON wallet.scheme_id = $1 AND wallet.subject_id = subject.id
    LEFT JOIN posting ON posting.scheme_id = $1 AND posting.subject_id = subject.id
    GROUP BY subject.id, wallet.balance, wallet.shortage ORDER BY subject.id`,
    [scheme, subjects],
  );
  const rows = await manager.query<readonly EntryRow[]>(
    `SELECT ${ENTRY_COLUMNS} FROM ledger_entry AS entry
    WHERE entry.subject_id = ANY($2) AND entry.scheme_id = $1 AND entry.state IN ${EARNED_STATES} AND entry.reverses IS NULL`,
    [scheme, subjects],
  );
  const bySubject = new Map<string, EntryRow[]>();
  for (const row of rows) bySubject.set(row.subject, [...(bySubject.get(row.subject) ?? []), row]);
  return sums.map(({ subject, balance, shortage, posted, spent, waived }) => ({
    subject,
    balance: Number(balance),
    shortage: Number(shortage),
    posted: Number(posted),
    spent: Number(spent),
    waived: Number(waived),
    earned: pointsOf((bySubject.get(subject) ?? []).map(asPoints), ruleOf),
  }));
}
