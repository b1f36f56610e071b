import type { EntityManager } from 'typeorm';

/** A fund of a scheme: its own, or one that its children share. */
export interface FundName {
  /** Id of the scheme. */
  readonly owner: string;
  readonly fund: string;
}

export interface FundMove extends FundName {
  /** Whole fen, of either sign, not 0. */
  readonly amountFen: number;
  /** Where it came from; `awarded` and `delivery` are what it was spent on. */
  readonly cause: 'award' | 'collective' | 'sponsor' | 'donation' | 'awarded' | 'delivery';
  readonly key: string;
  readonly note: string;
}

export function fundKey({ owner, fund }: FundName): string {
  return `${owner}\n${fund}`;
}

/**
 * Locks funds until the transaction ends, opens those that are not there, and reads them: always in one order (owner, id),
 * after everything else.
 * @returns balances in fen by `fundKey`
 */
export async function lockFunds(manager: EntityManager, funds: readonly FundName[]): Promise<Map<string, number>> {
  const names = [...new Map(funds.map((fund) => [fundKey(fund), fund])).values()];
  const parameters = [names.map(({ owner }) => owner), names.map(({ fund }) => fund)];
  await manager.query(
    `INSERT INTO fund (owner, id) SELECT owner, id FROM unnest($1::text[], $2::text[]) AS named (owner, id)
    ORDER BY owner COLLATE "C", id COLLATE "C" ON CONFLICT DO NOTHING`,
    parameters,
  );
  const rows = await manager.query<readonly (FundName & { readonly balance: string })[]>(
    `SELECT owner, id AS fund, balance_fen AS balance FROM fund
    WHERE (owner, id) IN (SELECT owner, id FROM unnest($1::text[], $2::text[]) AS named (owner, id))
    ORDER BY owner COLLATE "C", id COLLATE "C" FOR UPDATE`,
    parameters,
  );
  return new Map(rows.map((row) => [fundKey(row), Number(row.balance)]));
}

/**
 * Moves money of funds whose locks the caller holds.
 * @param at Unix seconds
 */
export async function moveFunds(
  manager: EntityManager,
  moves: readonly FundMove[],
  { at, actor }: { readonly at: number; readonly actor: string },
): Promise<void> {
  await manager.query(
    `WITH move AS (
      SELECT * FROM ROWS FROM (jsonb_to_recordset($1)
        AS (owner text, fund text, "amountFen" bigint, cause text, key text, note text)
      ) WITH ORDINALITY AS move (owner, fund, amount, cause, key, note, place)
    ), moved AS (
      UPDATE fund SET balance_fen = fund.balance_fen + sum.amount
      FROM (SELECT owner, fund, sum(amount) AS amount FROM move GROUP BY owner, fund) AS sum
      WHERE fund.owner = sum.owner AND fund.id = sum.fund
    )
    INSERT INTO fund_movement (owner, fund, amount_fen, cause, key, note, moved_at, moved_by)
    SELECT owner, fund, amount, cause, key, note, to_timestamp($2), $3 FROM move ORDER BY place`,
    [JSON.stringify(moves), at, actor],
  );
}
