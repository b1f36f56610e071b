import type { EntityManager } from 'typeorm';
import type { Named } from '../printed/printed-name.js';
import type { SchemeBook } from '../schemes/scheme-book.js';

/** One item of a redemption, or of what came back of it: then `n` and `points` are negative. */
export interface RedeemedItem {
  /** Id of the redemption or return: the key of its posting. */
  readonly act: string;
  readonly subject: string;
  /** `YYYY-MM-DD`. */
  readonly on: string;
  /** In the words of the scheme document it was sold by. */
  readonly label: string;
  readonly n: number;
  readonly points: number;
  readonly collectedBy: string | null;
  readonly paperLine: number | null;
  readonly by: string;
}

interface ItemRow extends Omit<RedeemedItem, 'label'> {
  readonly shop: string;
  readonly version: number;
  readonly sku: string;
}

/** What a shop handed out and took back from one day to another, both included, in the order in which it happened. */
export function redeemedAt(
  manager: EntityManager,
  book: SchemeBook,
  { shop, from, to }: { readonly shop: string; readonly from: string; readonly to: string },
): Promise<readonly RedeemedItem[]> {
  const during = 'BETWEEN $2::date AND $3::date';
  return items(
    manager,
    book,
    [`sold.shop_id = $1 AND sold.on_day ${during}`, `sold.shop_id = $1 AND back.on_day ${during}`],
    [shop, from, to],
  );
}

/** The same of redemptions and returns by their ids. */
export function redeemedBy(
  manager: EntityManager,
  book: SchemeBook,
  acts: readonly string[],
): Promise<readonly RedeemedItem[]> {
  return items(manager, book, ['sold.id = ANY($1)', 'back.id = ANY($1)'], [acts]);
}

/** @param wheres what is sold, and what comes back; of `sold` and `back` */
async function items(
  manager: EntityManager,
  book: SchemeBook,
  [sold, back]: readonly [string, string],
  parameters: readonly unknown[],
): Promise<readonly RedeemedItem[]> {
  const same = `sold.shop_id AS shop, sold.shop_version AS version, sold.subject_id AS subject, sold.collected_by AS "collectedBy", line.sku`;
  const rows = await manager.query<readonly ItemRow[]>(
    `SELECT sold.id AS act, ${same}, sold.on_day::text AS on, line.n, (line.n * line.price_points)::float8 AS points,
      paper.line AS "paperLine", sold.redeemed_by AS by, sold.redeemed_at AS at, 0 AS back, sold.number, line.place
    FROM redemption AS sold JOIN redemption_line AS line ON line.redemption_id = sold.id
    LEFT JOIN redemption_day_line AS paper ON paper.redemption_id = sold.id
    WHERE ${sold}
    UNION ALL
    SELECT back.id, ${same}, back.on_day::text, -part.n, (-part.n * line.price_points)::float8,
      paper.line, back.returned_by, back.returned_at, 1, back.number, line.place
    FROM redemption_return AS back JOIN redemption AS sold ON sold.id = back.redemption_id
    JOIN redemption_return_line AS part ON part.return_id = back.id
    JOIN redemption_line AS line ON line.redemption_id = sold.id AND line.sku = part.sku
    LEFT JOIN redemption_day_line AS paper ON paper.redemption_id = sold.id
    WHERE ${back}
    ORDER BY "on", at, back, number, place`,
    [...parameters],
  );
  return rows.map(({ shop, version, sku, ...item }) => ({ ...item, label: labelOf(book, shop, version, sku) }));
}

function labelOf(book: SchemeBook, shop: string, version: number, sku: string): string {
  const item = book.version(shop, version)?.document.catalogue?.find((each) => each.sku === sku);
  return item?.label_zh ?? sku;
}

/** Whoever lines are about, by id: the subjects that they are today. */
export async function namesOf(
  manager: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Named & { readonly handle: string }>> {
  if (ids.length === 0) return new Map();
  const rows = await manager.query<readonly (Named & { readonly id: string; readonly handle: string })[]>(
    `SELECT asked.id, subject.handle, subject.kind, subject.name, subject.door_number AS "doorNumber"
    FROM unnest($1::uuid[]) AS asked (id) JOIN subject ON subject.id = survivor_of(asked.id)`,
    [[...new Set(ids)]],
  );
  return new Map(rows.map(({ id, ...named }) => [id, named]));
}
