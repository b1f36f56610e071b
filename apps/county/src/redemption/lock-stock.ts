import type { EntityManager } from 'typeorm';

/** Pieces of an item on the shelf of a scheme's shop. */
export interface StockName {
  readonly scheme: string;
  readonly sku: string;
}

export interface StockMove extends StockName {
  /** Of either sign; 0 is kept for a count only. */
  readonly pieces: number;
  readonly cause: 'delivery' | 'redemption' | 'return' | 'count';
  /** What moved it: the client's key, or the id of the redemption or return. */
  readonly key: string;
  readonly reason?: string;
}

export function stockKey({ scheme, sku }: StockName): string {
  return `${scheme}\n${sku}`;
}

/**
 * Locks stock until the transaction ends, opens what is not there, and reads it: always in one order (scheme, item), after
 * wallets and before funds.
 * @returns pieces by `stockKey`
 */
export async function lockStock(manager: EntityManager, items: readonly StockName[]): Promise<Map<string, number>> {
  if (items.length === 0) return new Map();
  const names = [...new Map(items.map((item) => [stockKey(item), item])).values()];
  const parameters = [names.map(({ scheme }) => scheme), names.map(({ sku }) => sku)];
  await manager.query(
    `INSERT INTO stock (scheme_id, sku) SELECT scheme, sku FROM unnest($1::text[], $2::text[]) AS named (scheme, sku)
    ORDER BY scheme COLLATE "C", sku COLLATE "C" ON CONFLICT DO NOTHING`,
    parameters,
  );
  const rows = await manager.query<readonly (StockName & { readonly pieces: number })[]>(
    `SELECT scheme_id AS scheme, sku, pieces FROM stock
    WHERE (scheme_id, sku) IN (SELECT scheme, sku FROM unnest($1::text[], $2::text[]) AS named (scheme, sku))
    ORDER BY scheme_id COLLATE "C", sku COLLATE "C" FOR UPDATE`,
    parameters,
  );
  return new Map(rows.map((row) => [stockKey(row), row.pieces]));
}

/**
 * Moves stock whose locks the caller holds.
 * @param at Unix seconds
 */
export async function moveStock(
  manager: EntityManager,
  moves: readonly StockMove[],
  { at, actor }: { readonly at: number; readonly actor: string },
): Promise<void> {
  const kept = moves.filter(({ pieces, cause }) => pieces !== 0 || cause === 'count');
  if (kept.length === 0) return;
  await manager.query(
    `WITH move AS (
      SELECT * FROM ROWS FROM (jsonb_to_recordset($1)
        AS (scheme text, sku text, pieces integer, cause text, key text, reason text)
      ) WITH ORDINALITY AS move (scheme, sku, pieces, cause, key, reason, place)
    ), moved AS (
      UPDATE stock SET pieces = stock.pieces + sum.pieces
      FROM (SELECT scheme, sku, sum(pieces) AS pieces FROM move GROUP BY scheme, sku) AS sum
      WHERE stock.scheme_id = sum.scheme AND stock.sku = sum.sku
    )
    INSERT INTO stock_movement (scheme_id, sku, pieces, cause, key, reason, moved_at, moved_by)
    SELECT scheme, sku, pieces, cause, key, reason, to_timestamp($2), $3 FROM move ORDER BY place`,
    [JSON.stringify(kept), at, actor],
  );
}
