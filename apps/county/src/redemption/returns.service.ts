import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff } from '#libs/staff';
import { openRecording } from '../ledger/ledger-clock.js';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import { lockSubjects, survivorOf } from '../subjects/find-subjects.js';
import { SubjectEntity } from '../subjects/subject.entity.js';
import { Wallets } from '../wallets/wallets.service.js';
import { enterDebts } from './area-debts.js';
import { CardCodes } from './card-codes.service.js';
import { lockStock, moveStock } from './lock-stock.js';
import { onceUnderKey } from './once-under-key.js';
import { coversScheme, refusal, type Scope } from './scheme-scope.js';
import { itemOf } from './shop-terms.js';

export interface ReturnedItem {
  readonly sku: string;
  /** Pieces. */
  readonly n: number;
  /** Which cards come back, where some of them stay. */
  readonly codes?: readonly string[];
}

export interface Return {
  /** Idempotency key. */
  readonly key: string;
  readonly items: readonly ReturnedItem[];
  readonly reason: string;
}

export interface Returned {
  /** Id. */
  readonly return: string;
  /** Credited. */
  readonly points: number;
  /** Of the wallet, afterwards. */
  readonly balance: number;
  readonly shortage: number;
}

interface SoldRow {
  readonly scheme: string;
  readonly version: number;
  readonly shop: string;
  readonly shopVersion: number;
  readonly area: string | null;
  readonly subject: string;
}

interface SoldLine {
  readonly sku: string;
  /** Pieces taken and not given back so far. */
  readonly n: number;
  readonly price: number;
  readonly isGoods: boolean;
}

/** Takes things back: points and pieces go where they came from, at the price that was paid. */
@Injectable()
export class Returns {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
    private readonly wallets: Wallets,
    private readonly codes: CardCodes,
  ) {}

  /**
   * @param id of the redemption
   * @throws GatewayError NOT_FOUND (also outside the places of who asks), RETURN_TOO_MANY, CODE_USED, BODY_INVALID where it is not said
   *   which cards come back, KEY_REUSED
   */
  async take(id: string, back: Return, staff: Staff): Promise<Returned> {
    const scope = { book: await this.schemes.book(), tree: await this.places.tree(), staff };
    const { key } = back;
    const now = this.clock.now();
    return this.database.transaction(async (manager) => {
      const sold = await soldIn(manager, id, scope);
      const content = { redemption: id, ...back };
      return onceUnderKey(manager, { key, kind: 'return', content, now, by: staff.username }, () =>
        this.book(manager, { id, ...sold }, back, scope),
      );
    });
  }

  private async book(
    manager: EntityManager,
    sold: SoldRow & { readonly id: string },
    { key, items, reason }: Return,
    { book, staff: { username: actor } }: Scope,
  ): Promise<Returned> {
    const subject = await lockSurvivor(manager, sold.subject);
    // Under the subject's lock: what another return gave back is seen.
    const lines = await linesOf(manager, sold.id);
    const back = items.map(({ sku, n, codes }, at) => {
      const line = lines.get(sku);
      if (line === undefined || n > line.n) throw refusal('RETURN_TOO_MANY', `/items/${at}`);
      return { ...line, n, codes };
    });
    const points = back.reduce((sum, { n, price }) => sum + n * price, 0);
    const recording = { at: await openRecording(manager, this.clock.now()), actor };
    const returned = { id: randomUUID(), on: shanghaiDay(recording.at), points, reason };
    const credit = { scheme: sold.scheme, subject, points, key: returned.id, actor, reason };
    const { balance, shortage } = await this.wallets.credit(manager, { ...credit, cause: 'return' });
    const goods = back.flatMap(({ isGoods, sku, n }) => (isGoods ? [{ scheme: sold.shop, sku, n }] : []));
    await lockStock(manager, goods);
    const moves = goods.map(({ n, ...name }) => {
      return { ...name, pieces: n, cause: 'return', key: returned.id, reason } as const;
    });
    await moveStock(manager, moves, recording);
    for (const [at, { isGoods, sku, n, codes }] of back.entries())
      if (!isGoods) await this.codes.takeBack(manager, { redemption: sold.id, sku, n, codes, now: recording.at, at });
    await keepReturn(manager, sold.id, returned, back, recording);
    const [payer, shop] = [book.version(sold.scheme, sold.version), book.version(sold.shop, sold.shopVersion)];
    if (payer !== undefined && shop !== undefined) {
      const debts = back.map(({ sku, n, price }) => ({ fund: itemOf(shop, sku)?.fund, points: -n * price }));
      await enterDebts(manager, { id: sold.id, area: sold.area, payer, shop }, debts, recording.at);
    }
    const detail = { points, key };
    await this.audit.record(manager, { actor, action: 'redemption.returned', target: sold.id, detail });
    return { return: returned.id, points, balance, shortage };
  }
}

async function soldIn(manager: EntityManager, id: string, scope: Scope): Promise<SoldRow> {
  const [row] = await manager.query<readonly SoldRow[]>(
    `SELECT scheme_id AS scheme, scheme_version AS version, shop_id AS shop, shop_version AS "shopVersion", area, subject_id AS subject
    FROM redemption WHERE id = $1`,
    [id],
  );
  if (row === undefined || !coversScheme(row.shop, scope)) throw new GatewayError('NOT_FOUND');
  return row;
}

/** Points come back to whom the subject turned out to be. */
async function lockSurvivor(manager: EntityManager, subject: string): Promise<string> {
  const { id } = await survivorOf(manager, await manager.findOneByOrFail(SubjectEntity, { id: subject }));
  const locked = (await lockSubjects(manager, [id])).get(id);
  // Absorbed just now: asked again, it is found.
  if (locked?.mergedInto !== null) throw new GatewayError('CONFLICT');
  return id;
}

async function linesOf(manager: EntityManager, redemption: string): Promise<ReadonlyMap<string, SoldLine>> {
  const rows = await manager.query<readonly SoldLine[]>(
    `SELECT line.sku, line.price_points AS price, (line.n - (
        SELECT coalesce(sum(back.n), 0) FROM redemption_return JOIN redemption_return_line AS back ON return_id = redemption_return.id
        WHERE redemption_return.redemption_id = line.redemption_id AND back.sku = line.sku
      ))::integer AS n,
      NOT EXISTS (SELECT FROM card_code WHERE (card_code.redemption_id, card_code.sku) = (line.redemption_id, line.sku)) AS "isGoods"
    FROM redemption_line AS line WHERE line.redemption_id = $1`,
    [redemption],
  );
  return new Map(rows.map((row) => [row.sku, row]));
}

async function keepReturn(
  manager: EntityManager,
  redemption: string,
  {
    id,
    on,
    points,
    reason,
  }: { readonly id: string; readonly on: string; readonly points: number; readonly reason: string },
  lines: readonly { readonly sku: string; readonly n: number }[],
  { at, actor }: { readonly at: number; readonly actor: string },
): Promise<void> {
  await manager.query(
    `INSERT INTO redemption_return (id, redemption_id, on_day, points, reason, returned_at, returned_by)
    VALUES ($1, $2, $3, $4, $5, to_timestamp($6), $7)`,
    [id, redemption, on, points, reason, at, actor],
  );
  await manager.query(
    `INSERT INTO redemption_return_line (return_id, sku, n)
    SELECT $1, sku, n FROM jsonb_to_recordset($2) AS line (sku text, n integer)`,
    [id, JSON.stringify(lines)],
  );
}
