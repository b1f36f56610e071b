import type { EntityManager } from 'typeorm';
import { fundOf } from './shop-terms.js';
import type { Taken } from './keep-redemptions.js';

/**
 * Enters what the paying scheme owes the shop's for points spent outside their village, or what a return takes off it again
 * (negative): from fund to fund of one id, where the payer has it.
 * @param debts the fund of the shop that paid for the item, and the points
 * @param at Unix seconds
 */
export async function enterDebts(
  manager: EntityManager,
  { id, area, payer, shop }: Pick<Taken, 'id' | 'area' | 'payer' | 'shop'>,
  debts: readonly { readonly fund: string | undefined; readonly points: number }[],
  at: number,
): Promise<void> {
  if (area === null) return;
  const rows = debts.map(({ fund, points }) => ({
    debtorFund: fund === undefined ? null : (fundOf(payer, fund)?.id ?? null),
    creditorFund: fund ?? null,
    points,
  }));
  await manager.query(
    `INSERT INTO area_debt (area, redemption_id, debtor_scheme, debtor_fund, creditor_scheme, creditor_fund, points, arisen_at)
    SELECT $1, $2, $3, "debtorFund", $4, "creditorFund", points, to_timestamp($5)
    FROM jsonb_to_recordset($6) AS debt ("debtorFund" text, "creditorFund" text, points bigint)`,
    [area, id, payer.document.id, shop.document.id, at, JSON.stringify(rows)],
  );
}
