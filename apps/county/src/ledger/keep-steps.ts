import type { EntityManager } from 'typeorm';
import { bookDifference, movedWallet } from '#libs/ledger';
import { lockWallets, post, type Posting, walletKey } from '../wallets/lock-wallets.js';
import { differencesOf } from '../wallets/rule-totals.js';
import type { LedgerCase } from './entry-cases.js';
import { asPoints, earnedBeside, type EntryRow, hasEarned } from './entry-rows.js';
import type { LedgerSchemes } from './ledger-schemes.js';

/** When and by whom: Unix seconds from `openRecording`, and a user name or `system:` and the name of a task. */
interface Recording {
  readonly at: number;
  readonly actor: string;
}

/** Writes the steps that cases have taken, moves the entries, and books into wallets what began or ceased to be earned. */
export async function keepSteps(
  manager: EntityManager,
  cases: readonly LedgerCase[],
  schemes: LedgerSchemes,
  recording: Recording,
): Promise<void> {
  const moved = cases.filter(({ newSteps }) => newSteps.length > 0);
  if (moved.length === 0) return;
  await manager.query(
    `UPDATE ledger_entry AS entry SET state = moved.state, due_on = moved."dueOn"
    FROM jsonb_to_recordset($1) AS moved (id text, state text, "dueOn" date)
    WHERE entry.id = moved.id AND (entry.state, entry.due_on) IS DISTINCT FROM (moved.state, moved."dueOn")`,
    [JSON.stringify(moved.flatMap(movedRows))],
  );
  await manager.query(
    `INSERT INTO entry_step (entry_id, key, act, state, actor, actor_subject, day, reason, done_at)
    SELECT entry, key, act, state, account, subject, day, reason, to_timestamp($2)
    FROM ROWS FROM (jsonb_to_recordset($1)
      AS (entry text, key text, act text, state text, account text, subject uuid, day date, reason text)
    ) WITH ORDINALITY AS step (entry, key, act, state, account, subject, day, reason, place) ORDER BY place`,
    [JSON.stringify(moved.flatMap(stepRows)), recording.at],
  );
  await bookEarned(manager, moved, schemes, recording);
}

/** Under the wallets' locks: what others have earned beside, and booked before, is seen by then. */
async function bookEarned(
  manager: EntityManager,
  cases: readonly LedgerCase[],
  schemes: LedgerSchemes,
  recording: Recording,
): Promise<void> {
  const changed = cases.flatMap(({ rows, state }) =>
    rows.filter((row) => hasEarned(row) !== hasEarned({ ...row, state }) && schemes.hasWallet(row.scheme, row.version)),
  );
  if (changed.length === 0) return;
  const wallets = await lockWallets(manager, changed.map(walletOf));
  const counting = await earnedBeside(manager, changed);
  const byId = new Map(changed.map((row) => [row.id, row]));
  const postings = differencesOf(counting, changed.map(asPoints), (entry) => schemes.ruleOf(entry)).flatMap(
    ({ id, points }): Posting[] => {
      const row = byId.get(id);
      if (row === undefined) return [];
      const name = walletOf(row);
      const wallet = wallets.get(walletKey(name)) ?? { balance: 0, shortage: 0 };
      const move = bookDifference(wallet, points);
      wallets.set(walletKey(name), movedWallet(wallet, move));
      return [{ ...name, ...move, cause: 'entry', key: id }];
    },
  );
  await post(manager, postings, recording);
}

function walletOf({ scheme, subject }: EntryRow): { readonly scheme: string; readonly subject: string } {
  return { scheme, subject };
}

function movedRows({ rows, state, dueOn }: LedgerCase): readonly object[] {
  return rows.map(({ id, creditOf }) => ({ id, state, dueOn: creditOf === null ? dueOn : null }));
}

function stepRows({ row, newSteps }: LedgerCase): readonly object[] {
  return newSteps.map(({ key, act, state, by, day, reason }) => {
    return { entry: row.id, key, act, state, account: by?.account ?? null, subject: by?.subject ?? null, day, reason };
  });
}
