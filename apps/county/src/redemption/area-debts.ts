import type { EntityManager } from 'typeorm';
import { fundOf } from './shop-terms.js';
import type { Taken, TakenItem } from './keep-redemptions.js';

/**
 * Enters what the paying scheme owes the shop's for points spent outside their village, or what a return takes off it again:
 * from fund to fund of one id where both have it.
 * @param sign 1 for a redemption, -1 for a return
 */
export async function enterDebts(
  manager: EntityManager,
  { id, area, payer, shop }: Pick<Taken, 'id' | 'area' | 'payer' | 'shop'>,
  items: readonly TakenItem[],
  { at, sign }: { readonly at: number; readonly sign: 1 | -1 },
): Promise<void> {
  if (area === null) return;
  const debts = items.map(({ item: { fund, price_points: price }, n }) => ({
    debtorFund: fund === undefined ? null : (fundOf(payer, fund)?.id ?? null),
    creditorFund: fund ?? null,
    points: sign * price * n,
  }));
  await manager.query(
    `INSERT INTO area_debt (area, redemption_id, debtor_scheme, debtor_fund, creditor_scheme, creditor_fund, points, arisen_at)
    SELECT $1, $2, $3, "debtorFund", $4, "creditorFund", points, to_timestamp($5)
    FROM jsonb_to_recordset($6) AS debt ("debtorFund" text, "creditorFund" text, points bigint)`,
    [area, id, payer.document.id, shop.document.id, at, JSON.stringify(debts)],
  );
}
