import type { EntityManager } from 'typeorm';
import type { HandOut } from '#libs/ledger';

/** What was handed out on a redemption day, and what of it came back, line by line, with whose shop it was; for `reconcile`. */
export async function handOutsOf(
  manager: EntityManager,
  day: string,
): Promise<readonly (HandOut & { readonly scheme: string })[]> {
  return manager.query(
    `SELECT shop_id AS scheme, survivor_of(redemption.subject_id) AS subject, line.sku, line.n AS items,
      line.n * line.price_points AS points
    FROM redemption JOIN redemption_line AS line ON line.redemption_id = redemption.id
    WHERE day_id = $1
    UNION ALL
    SELECT shop_id, survivor_of(redemption.subject_id), line.sku, -back.n, -back.n * line.price_points
    FROM redemption JOIN redemption_line AS line ON line.redemption_id = redemption.id
    JOIN redemption_return ON redemption_return.redemption_id = redemption.id
    JOIN redemption_return_line AS back ON back.return_id = redemption_return.id AND back.sku = line.sku
    WHERE day_id = $1`,
    [day],
  );
}
