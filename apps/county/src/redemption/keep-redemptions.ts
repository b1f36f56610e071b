import type { EntityManager } from 'typeorm';
import type { CatalogueItem } from '#libs/scheme';
import type { SchemeVersion } from '../schemes/scheme-version.js';

/** Pieces of one item. */
export interface TakenItem {
  readonly item: CatalogueItem;
  readonly n: number;
}

/** What somebody has taken and paid for with points. */
export interface Taken {
  readonly id: string;
  readonly key: string;
  /** Whose wallet pays. */
  readonly payer: SchemeVersion;
  /** Whose catalogue, and whose stock. */
  readonly shop: SchemeVersion;
  readonly area: string | null;
  /** Ids of subjects. */
  readonly subject: string;
  readonly collectedBy: string | null;
  /** Id of the redemption day. */
  readonly day: string | null;
  readonly on: string;
  readonly onPaper: boolean;
  readonly items: readonly TakenItem[];
}

export function pointsFor(items: readonly TakenItem[]): number {
  return items.reduce((sum, { item, n }) => sum + item.price_points * n, 0);
}

/** Writes redemptions and their lines, with the version and digest of the documents they were made by. */
export async function keepRedemptions(
  manager: EntityManager,
  taken: readonly Taken[],
  { at, actor }: { readonly at: number; readonly actor: string },
): Promise<void> {
  await manager.query(
    `INSERT INTO redemption (id, key, scheme_id, scheme_version, scheme_digest, shop_id, shop_version, shop_digest, area,
      subject_id, collected_by, day_id, on_day, on_paper, points, redeemed_at, redeemed_by)
    SELECT id, key, scheme, version, digest, shop, "shopVersion", "shopDigest", area, subject, "collectedBy", day, "on", "onPaper",
      points, to_timestamp($2), $3
    FROM ROWS FROM (jsonb_to_recordset($1)
      AS (id uuid, key text, scheme text, version integer, digest text, shop text, "shopVersion" integer, "shopDigest" text,
        area text, subject uuid, "collectedBy" uuid, day uuid, "on" date, "onPaper" boolean, points bigint)
    ) WITH ORDINALITY AS row (id, key, scheme, version, digest, shop, "shopVersion", "shopDigest", area, subject, "collectedBy",
      day, "on", "onPaper", points, place) ORDER BY place`,
    [JSON.stringify(taken.map(rowOf)), at, actor],
  );
  await manager.query(
    `INSERT INTO redemption_line (redemption_id, place, sku, n, price_points)
    SELECT redemption, place, sku, n, price
    FROM jsonb_to_recordset($1) AS line (redemption uuid, place integer, sku text, n integer, price integer)`,
    [JSON.stringify(taken.flatMap(linesOf))],
  );
}

function rowOf({ payer, shop, items, ...facts }: Taken): object {
  const paid = { scheme: payer.document.id, version: payer.document.version, digest: payer.digest };
  const sold = { shop: shop.document.id, shopVersion: shop.document.version, shopDigest: shop.digest };
  return { ...facts, ...paid, ...sold, points: pointsFor(items) };
}

function linesOf({ id, items }: Taken): readonly object[] {
  return items.map(({ item: { sku, price_points: price }, n }, place) => ({ redemption: id, place, sku, n, price }));
}
