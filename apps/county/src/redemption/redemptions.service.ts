import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff, staffCovers } from '#libs/staff';
import { EntryActs } from '../ledger/entry-acts.service.js';
import { kinOf } from '../ledger/kin.js';
import { openRecording } from '../ledger/ledger-clock.js';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import type { SchemeVersion } from '../schemes/scheme-version.js';
import { lockSubjects, subjectsByHandle } from '../subjects/find-subjects.js';
import type { SubjectEntity } from '../subjects/subject.entity.js';
import { Wallets } from '../wallets/wallets.service.js';
import { enterDebts } from './area-debts.js';
import { type CardCode, CardCodes } from './card-codes.service.js';
import { keepRedemptions, pointsFor, type Taken, type TakenItem } from './keep-redemptions.js';
import { lockStock, moveStock, stockKey } from './lock-stock.js';
import { onceUnderKey } from './once-under-key.js';
import { OpenDays } from './open-days.js';
import { piecesTaken } from './pieces-taken.js';
import { refusal, refuseOutside, type Scope } from './scheme-scope.js';
import { areaBetween, itemOf, limitDays, refuseOtherPrices, termsOn } from './shop-terms.js';

export interface AskedItem {
  readonly sku: string;
  /** Pieces. */
  readonly n: number;
}

/** What somebody wants to take. */
export interface Order {
  /** Idempotency key. */
  readonly key: string;
  /** Whose wallet pays. */
  readonly scheme: string;
  /** Whose shop sells, where that is another scheme's. */
  readonly shop?: string;
  /** Handle. */
  readonly subject: string;
  readonly items: readonly AskedItem[];
  /** Handle of who collects for the subject (代领). */
  readonly collectedBy?: string;
  /** Id of a redemption day. */
  readonly day?: string;
}

export interface Receipt {
  /** Id. */
  readonly redemption: string;
  readonly points: number;
  /** Of the wallet, afterwards. */
  readonly balance: number;
  readonly items: readonly (AskedItem & { readonly points: number })[];
  /** One for each piece that is no goods: whoever provides it takes the code. */
  readonly codes?: readonly CardCode[];
}

/** Points into goods and services, in one transaction: wallet, stock and register move together or not at all. */
@Injectable()
export class Redemptions {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
    private readonly acts: EntryActs,
    private readonly wallets: Wallets,
    private readonly days: OpenDays,
    private readonly codes: CardCodes,
  ) {}

  /**
   * Sells over the counter, once per key.
   * @throws GatewayError KEY_REUSED, and the codes of `redeem`
   */
  async sell(order: Order, staff: Staff): Promise<Receipt> {
    const scope = { book: await this.schemes.book(), tree: await this.places.tree(), staff };
    refuseOutside(order.shop ?? order.scheme, scope);
    // What has come into effect by now can be spent.
    await this.acts.bringUpToDate();
    return this.database.transaction(async (manager) => {
      const request = {
        key: order.key,
        kind: 'redemption',
        content: order,
        now: this.clock.now(),
        by: staff.username,
      } as const;
      const receipt = await onceUnderKey(manager, request, () => this.redeem(manager, order, scope));
      const codes = (await this.codes.of(manager, [receipt.redemption])).get(receipt.redemption);
      return codes === undefined ? receipt : { ...receipt, codes };
    });
  }

  /**
   * Debits the wallet, takes the items from the shelf and writes the register, in the caller's transaction; in full or not
   * at all. Holds the locks of subject, wallet and stock until it ends.
   * @throws GatewayError ENTRY_SCHEME_UNKNOWN, REDEMPTION_CLOSED (no scheme in effect that sells; no open day where the shop sells
   *   on days only), DAY_NOT_TODAY (the day is open on another date), PLACE_OUT_OF_SCOPE, AREA_DIFFERENT,
   *   AREA_PRICE_DIFFERS, ITEM_UNKNOWN, SUBJECT_UNKNOWN, SUBJECT_ENDED, NOT_INVITED, PROXY_NOT_ALLOWED, WALLET_INSUFFICIENT,
   *   STOCK_INSUFFICIENT, LIMIT_EXCEEDED
   */
  async redeem(manager: EntityManager, order: Order, scope: Scope): Promise<Receipt> {
    const { book, staff } = scope;
    const { scheme, shop: shopId = scheme } = order;
    refuseOutside(shopId, scope);
    const on = shanghaiDay(this.clock.now());
    const [payer, shop] = [termsOn(book, scheme, on), termsOn(book, shopId, on)];
    const area = areaBetween(payer, shop);
    const items = itemsOf(order.items, shop);
    refuseOtherPrices(payer, shop, items);
    const { subject, collector } = await people(manager, order, payer, scope);
    await this.refuseClosed(manager, order, shop, { on, subject: subject.id });
    // Whoever buys twice at once, from whichever wallet, does it one after the other.
    const live = (await lockSubjects(manager, [subject.id])).get(subject.id);
    if (live === undefined || live.endedOn !== null) throw refusal('SUBJECT_ENDED', '/subject');
    if (collector !== undefined) await refuseProxy(manager, { shop, subject, collector, on });
    const at = await openRecording(manager, this.clock.now());
    const recording = { at, actor: staff.username };
    const taken: Taken = {
      id: randomUUID(),
      key: order.key,
      payer,
      shop,
      area,
      subject: subject.id,
      collectedBy: collector?.id ?? null,
      day: order.day ?? null,
      on,
      onPaper: false,
      items,
    };
    const points = pointsFor(items);
    const debit = { scheme, subject: subject.id, points, key: taken.id, actor: staff.username };
    const wallet = await this.wallets.spend(manager, { ...debit, cause: 'redemption' });
    await this.takeFromShelf(manager, taken, recording);
    await refuseBeyondLimits(manager, taken);
    await keepRedemptions(manager, [taken], recording);
    await this.codes.issue(manager, taken);
    const debts = items.map(({ item, n }) => ({ fund: item.fund, points: item.price_points * n }));
    await enterDebts(manager, taken, debts, at);
    const detail = { scheme, shop: shopId, points, key: order.key };
    await this.audit.record(manager, {
      actor: staff.username,
      action: 'redemption.made',
      target: taken.id,
      detail,
    });
    return { redemption: taken.id, points, balance: wallet.balance, items: answered(items) };
  }

  private async refuseClosed(
    manager: EntityManager,
    { day }: Order,
    { document: { id, redemption } }: SchemeVersion,
    { on, subject }: { readonly on: string; readonly subject: string },
  ): Promise<void> {
    if (redemption === undefined) throw new GatewayError('REDEMPTION_CLOSED');
    if (day === undefined) {
      if (redemption.cadence !== 'any_time') throw new GatewayError('REDEMPTION_CLOSED');
      return;
    }
    const found = await this.days.find(manager, id, day);
    if (found === undefined) throw new GatewayError('REDEMPTION_CLOSED');
    // Opened late or left open overnight: the books of a day are of its own date, by the prices and limits of that date.
    if (found.on !== on) throw new GatewayError('DAY_NOT_TODAY');
    if (found.invited?.has(subject) === false) throw new GatewayError('NOT_INVITED');
  }

  private async takeFromShelf(
    manager: EntityManager,
    { id: key, shop, items }: Taken,
    recording: { readonly at: number; readonly actor: string },
  ): Promise<void> {
    const goods = items.flatMap(({ item: { kind, sku }, n }, at) =>
      kind === 'goods' ? [{ scheme: shop.document.id, sku, n, at }] : [],
    );
    const shelf = await lockStock(manager, goods);
    const short = goods.find((name) => (shelf.get(stockKey(name)) ?? 0) < name.n);
    if (short !== undefined) throw refusal('STOCK_INSUFFICIENT', `/items/${short.at}/sku`);
    const moves = goods.map(({ scheme, sku, n }) => ({ scheme, sku, pieces: -n, cause: 'redemption', key }) as const);
    await moveStock(manager, moves, recording);
  }
}

function itemsOf(asked: readonly AskedItem[], shop: SchemeVersion): readonly TakenItem[] {
  return asked.map(({ sku, n }, at) => {
    const item = itemOf(shop, sku);
    if (item === undefined) throw refusal('ITEM_UNKNOWN', `/items/${at}/sku`);
    return { item, n };
  });
}

/** The subject whose points they are, and who collects where that is somebody else. */
async function people(
  manager: EntityManager,
  { subject: handle, collectedBy }: Order,
  payer: SchemeVersion,
  { tree, staff }: Scope,
): Promise<{ readonly subject: SubjectEntity; readonly collector: SubjectEntity | undefined }> {
  const handles = collectedBy === undefined ? [handle] : [handle, collectedBy];
  const found = await subjectsByHandle(manager, handles);
  const [subject, collector] = [found.get(handle), found.get(collectedBy ?? '')];
  // In an area, people of one village buy in the shop of another.
  const isKnown = ({ place }: SubjectEntity): boolean =>
    staffCovers(staff, place, tree) || tree.isWithin(place, payer.document.place);
  if (subject === undefined || !isKnown(subject)) throw refusal('SUBJECT_UNKNOWN', '/subject');
  if (collectedBy === undefined || collector?.id === subject.id) return { subject, collector: undefined };
  if (collector === undefined || !isKnown(collector)) throw refusal('SUBJECT_UNKNOWN', '/collectedBy');
  return { subject, collector };
}

async function refuseProxy(
  manager: EntityManager,
  {
    shop,
    subject,
    collector,
    on,
  }: {
    readonly shop: SchemeVersion;
    readonly subject: SubjectEntity;
    readonly collector: SubjectEntity;
    readonly on: string;
  },
): Promise<void> {
  const isKin = (await kinOf(manager, collector.id))(on).includes(subject.id);
  const isAllowed = shop.document.redemption?.proxy === true && collector.kind === 'person' && isKin;
  if (!isAllowed) throw refusal('PROXY_NOT_ALLOWED', '/collectedBy');
}

async function refuseBeyondLimits(manager: EntityManager, { shop, subject, day, on, items }: Taken): Promise<void> {
  for (const [at, { item, n }] of items.entries()) {
    const { limit, sku } = item;
    if (limit === undefined) continue;
    const span = limitDays(item, on) ?? (day === null ? undefined : { day });
    const name = { subject, shop: shop.document.id, sku };
    const before = span === undefined ? 0 : await piecesTaken(manager, name, span);
    if (before + n > limit.n) throw refusal('LIMIT_EXCEEDED', `/items/${at}/n`);
  }
}

function answered(items: readonly TakenItem[]): Receipt['items'] {
  return items.map(({ item: { sku, price_points: price }, n }) => ({ sku, n, points: price * n }));
}
