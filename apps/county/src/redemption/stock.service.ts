import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff } from '#libs/staff';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import { fundKey, lockFunds, moveFunds } from './lock-funds.js';
import { lockStock, moveStock, stockKey } from './lock-stock.js';
import { onceUnderKey } from './once-under-key.js';
import { refusal, refuseOutside } from './scheme-scope.js';
import { fundName, fundOf, itemOf, termsOn } from './shop-terms.js';

export interface Delivery {
  /** Idempotency key. */
  readonly key: string;
  readonly scheme: string;
  readonly sku: string;
  /** Pieces. */
  readonly n: number;
  /** Id of the fund that pays; the one the catalogue names where left out. */
  readonly fund?: string;
  readonly costFen: number;
}

export interface Delivered {
  readonly stock: number;
  /** What the fund has left; `null` where none was asked. */
  readonly balanceFen: number | null;
}

export interface Count {
  readonly scheme: string;
  readonly sku: string;
  readonly counted: number;
  /** Why it is not what should be there. */
  readonly reason?: string;
}

export interface Counted {
  /** Pieces that should have been there. */
  readonly before: number;
  readonly counted: number;
  /** Negative where pieces are missing. */
  readonly variance: number;
}

/** The shelves: what comes in, and what is there when somebody counts. */
@Injectable()
export class Stock {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
  ) {}

  /**
   * Puts goods on the shelf; the fund that the catalogue names pays for them. What was given costs nothing.
   * @throws GatewayError ENTRY_SCHEME_UNKNOWN, PLACE_OUT_OF_SCOPE, REDEMPTION_CLOSED (no version in effect), ITEM_UNKNOWN (also for
   *   what is no goods), FUND_UNKNOWN (none, or not the item's), FUND_INSUFFICIENT, KEY_REUSED
   */
  async deliver(delivery: Delivery, staff: Staff): Promise<Delivered> {
    const { key, scheme, sku, n, costFen } = delivery;
    const scope = { book: await this.schemes.book(), tree: await this.places.tree(), staff };
    refuseOutside(scheme, scope);
    const recording = { at: this.clock.now(), actor: staff.username };
    const request = { key, kind: 'delivery', content: delivery, now: recording.at, by: staff.username };
    return this.database.transaction((manager) =>
      onceUnderKey(manager, request, async () => {
        const version = termsOn(scope.book, scheme, this.schemes.today());
        const item = itemOf(version, sku);
        if (item?.kind !== 'goods') throw refusal('ITEM_UNKNOWN', '/sku');
        const fund = delivery.fund ?? item.fund;
        const isPaid = fund !== undefined && fundOf(version, fund) !== undefined && fund === (item.fund ?? fund);
        if (!isPaid && (fund !== undefined || costFen > 0)) throw refusal('FUND_UNKNOWN', '/fund');
        const before = (await lockStock(manager, [{ scheme, sku }])).get(stockKey({ scheme, sku })) ?? 0;
        await moveStock(manager, [{ scheme, sku, pieces: n, cause: 'delivery', key }], recording);
        const name = fund === undefined ? undefined : fundName(scope.book, version, fund);
        let balanceFen: number | null = null;
        if (name !== undefined) {
          balanceFen = ((await lockFunds(manager, [name])).get(fundKey(name)) ?? 0) - costFen;
          if (balanceFen < 0) throw new GatewayError('FUND_INSUFFICIENT');
          if (costFen > 0) {
            const paid = { ...name, amountFen: -costFen, cause: 'delivery', key, note: `${scheme}: ${sku}` } as const;
            await moveFunds(manager, [paid], recording);
          }
        }
        const detail = { sku, n, costFen, fund: name === undefined ? null : `${name.owner}/${name.fund}` };
        await this.audit.record(manager, {
          actor: staff.username,
          action: 'stock.delivered',
          target: scheme,
          detail,
        });
        return { stock: before + n, balanceFen };
      }),
    );
  }

  /**
   * Takes what was counted for what is there.
   * @throws GatewayError ENTRY_SCHEME_UNKNOWN, PLACE_OUT_OF_SCOPE, and the codes of `countIn`; KEY_REUSED
   */
  async count(count: Count & { readonly key: string }, staff: Staff): Promise<Counted> {
    const scope = { book: await this.schemes.book(), tree: await this.places.tree(), staff };
    refuseOutside(count.scheme, scope);
    const request = { key: count.key, kind: 'count', content: count, now: this.clock.now(), by: staff.username };
    return this.database.transaction((manager) =>
      onceUnderKey(manager, request, () => this.countIn(manager, count, staff)),
    );
  }

  /**
   * The same in the caller's transaction.
   * @param count with the key under which it is written down
   * @throws GatewayError ITEM_UNKNOWN for what this shelf never held, VARIANCE_UNEXPLAINED without a reason
   */
  async countIn(
    manager: EntityManager,
    { key, scheme, sku, counted, reason }: Count & { readonly key: string },
    staff: Staff,
  ): Promise<Counted> {
    const known = await manager.query<unknown[]>('SELECT FROM stock WHERE scheme_id = $1 AND sku = $2', [scheme, sku]);
    if (known.length === 0) throw refusal('ITEM_UNKNOWN', '/sku');
    const before = (await lockStock(manager, [{ scheme, sku }])).get(stockKey({ scheme, sku })) ?? 0;
    const variance = counted - before;
    if (variance !== 0 && reason === undefined) throw refusal('VARIANCE_UNEXPLAINED', '/reason');
    const move = {
      scheme,
      sku,
      pieces: variance,
      cause: 'count',
      key,
      ...(reason === undefined ? {} : { reason }),
    } as const;
    await moveStock(manager, [move], { at: this.clock.now(), actor: staff.username });
    const detail = { sku, before, counted };
    await this.audit.record(manager, { actor: staff.username, action: 'stock.counted', target: scheme, detail });
    return { before, counted, variance };
  }
}
