import type { EntityManager } from 'typeorm';
import type { WalletMove, WalletState } from '#libs/ledger';

/** What a subject may spend under one scheme. */
export interface WalletName {
  readonly scheme: string;
  /** Id of the subject. */
  readonly subject: string;
}

/** Why a wallet moved. `entry` follows the ledger; everything else happens once under its key. */
export type PostingCause = 'entry' | 'redemption' | 'return' | 'transfer' | 'shortage_settled' | 'merge';

/** Both sides of one change of a wallet whose lock is held. */
export interface Posting extends WalletName, WalletMove {
  readonly cause: PostingCause;
  /** The entry's id for `entry`, else the caller's idempotency key. */
  readonly key: string;
  readonly reason?: string;
}

interface WalletRow {
  readonly scheme: string;
  readonly subject: string;
  /** Bigints, as text. */
  readonly balance: string;
  readonly shortage: string;
}

export function walletKey({ scheme, subject }: WalletName): string {
  return `${scheme}\n${subject}`;
}

/**
 * Locks wallets until the transaction ends, opens those that are not there, and reads them. Always in one order (scheme,
 * subject), after the entries they follow from and before stock and funds: so two transactions never wait for each other.
 * @returns by `walletKey`
 */
export async function lockWallets(
  manager: EntityManager,
  wallets: readonly WalletName[],
): Promise<Map<string, WalletState>> {
  const names = [...new Map(wallets.map((wallet) => [walletKey(wallet), wallet])).values()];
  const parameters = [names.map(({ scheme }) => scheme), names.map(({ subject }) => subject)];
  await manager.query(
    `INSERT INTO wallet (scheme_id, subject_id) SELECT scheme, subject FROM unnest($1::text[], $2::uuid[]) AS named (scheme, subject)
    ORDER BY scheme COLLATE "C", subject ON CONFLICT DO NOTHING`,
    parameters,
  );
  const rows = await manager.query<readonly WalletRow[]>(
    `SELECT scheme_id AS scheme, subject_id AS subject, balance, shortage FROM wallet
    WHERE (scheme_id, subject_id) IN (SELECT scheme, subject FROM unnest($1::text[], $2::uuid[]) AS named (scheme, subject))
    ORDER BY scheme_id COLLATE "C", subject_id FOR UPDATE`,
    parameters,
  );
  return new Map(rows.map((row) => [walletKey(row), stateOf(row)]));
}

export function stateOf({ balance, shortage }: Pick<WalletRow, 'balance' | 'shortage'>): WalletState {
  return { balance: Number(balance), shortage: Number(shortage) };
}

/**
 * Posts moves to wallets whose locks the caller holds, in the order given; a move of nothing is left out.
 * @param at Unix seconds, from `openRecording`
 */
export async function post(
  manager: EntityManager,
  postings: readonly Posting[],
  { at, actor }: { readonly at: number; readonly actor: string },
): Promise<void> {
  const moves = postings.filter(({ posting, shortage }) => posting !== 0 || shortage !== 0);
  if (moves.length === 0) return;
  await manager.query(
    `WITH move AS (
      SELECT * FROM ROWS FROM (jsonb_to_recordset($1)
        AS (scheme text, subject uuid, posting bigint, shortage bigint, cause text, key text, reason text)
      ) WITH ORDINALITY AS move (scheme, subject, posting, shortage, cause, key, reason, place)
    ), moved AS (
      UPDATE wallet SET balance = wallet.balance + sum.posting, shortage = wallet.shortage + sum.shortage
      FROM (SELECT scheme, subject, sum(posting) AS posting, sum(shortage) AS shortage FROM move GROUP BY scheme, subject) AS sum
      WHERE wallet.scheme_id = sum.scheme AND wallet.subject_id = sum.subject
    )
    INSERT INTO posting (scheme_id, subject_id, points, shortage, cause, key, reason, posted_at, posted_by)
    SELECT scheme, subject, posting, shortage, cause, key, reason, to_timestamp($2), $3 FROM move ORDER BY place`,
    [JSON.stringify(moves), at, actor],
  );
}
