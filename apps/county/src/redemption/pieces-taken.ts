import type { EntityManager } from 'typeorm';
import type { Days } from '#libs/scheme';

/** How many pieces of an item a subject has taken from a shop and kept, on some days or on one redemption day. */
export async function piecesTaken(
  manager: EntityManager,
  { subject, shop, sku }: { readonly subject: string; readonly shop: string; readonly sku: string },
  span: Days | { readonly day: string },
): Promise<number> {
  const [from, to, day] = 'day' in span ? [null, null, span.day] : [span.from, span.to, null];
  // What those took who turned out to be the same subject counts too.
  const [row] = await manager.query<readonly { readonly n: number }[]>(
    `WITH RECURSIVE same AS (
      SELECT $1::uuid AS id UNION SELECT subject.id FROM subject JOIN same ON subject.merged_into = same.id
    ), taken AS (
      SELECT redemption.id, line.n FROM redemption JOIN redemption_line AS line ON line.redemption_id = redemption.id
      WHERE redemption.subject_id IN (SELECT id FROM same) AND redemption.shop_id = $2 AND line.sku = $3
        AND ($4::date IS NULL OR redemption.on_day BETWEEN $4 AND $5) AND ($6::uuid IS NULL OR redemption.day_id = $6)
    )
    SELECT ((SELECT coalesce(sum(n), 0) FROM taken) - (
      SELECT coalesce(sum(line.n), 0) FROM taken JOIN redemption_return AS back ON back.redemption_id = taken.id
      JOIN redemption_return_line AS line ON line.return_id = back.id AND line.sku = $3
    ))::integer AS n`,
    [subject, shop, sku, from, to, day],
  );
  return row?.n ?? 0;
}
