import { waitFor } from '#libs/testing';
import type { SchemeDocument } from '#libs/scheme';
import type { Answer, Ask } from './running-county.js';
import { done, runVillage, type RunningVillage } from './running-village.js';
import { ELSEWHERE, household, join, person, recordSubjects, VILLAGE } from './sample-subjects.js';
import { deliver, shopScheme } from './shop-schemes.js';
import { SCHEME } from './village-scheme.js';
import { VillageShop } from './village-shop.js';

const INVENTED = { source: 'invented' };
/** The clock's. */
export const TODAY = '2026-09-16';

/** The village's shop, open on its days only, two pans a day for each, with grades to invite by. */
const quarterly: SchemeDocument = {
  ...shopScheme,
  catalogue: (shopScheme.catalogue ?? []).map((item) =>
    item.sku === 'pan' ? { ...item, limit: { per: 'event', n: 2 } } : item,
  ),
  redemption: { cadence: 'quarter', proxy: true, ...INVENTED },
  metrics: [
    { id: 'points', over: 'person', formula: { sum: {} }, window: 'year', ...INVENTED },
    { id: 'honours', over: 'person', formula: { count: { rules: ['honour'] } }, window: 'year', ...INVENTED },
  ],
  gradings: [
    { id: 'leading', predicate: { metric: 'points', op: 'ge', value: 20, code: 'leading' }, ...INVENTED },
    { id: 'outstanding', predicate: { metric: 'honours', op: 'ge', value: 1, code: 'yes' }, ...INVENTED },
  ],
};

/** The routes of redemption days, asked by the shopkeeper of the village unless somebody else is named. */
export class VillageDays {
  private keys = 0;

  private constructor(readonly village: RunningVillage) {}

  /** With points in the hands of its people and 50 pieces each of soap, oil and towels on the shelf. */
  static async run(): Promise<VillageDays> {
    const village = await runVillage(quarterly);
    const registrar = await village.county.as('registrar');
    const people = ['p-1', 'p-2', 'p-3', 'p-4', 'p-5', 'twin-1', 'twin-2'].map((handle) => person(handle));
    await recordSubjects(registrar, [...people, person('away', { place: ELSEWHERE }), household('h-1')]);
    await join(registrar, 'p-1', 'h-1', '2026-01-01');
    for (const who of ['p-1', 'p-2', 'p-3', 'p-4', 'twin-1'])
      await village.earn(done(`${who}-a`, who, 'help'), done(`${who}-b`, who, 'help'));
    await village.earn(done('p-1-c', 'p-1', 'honour'), done('p-5-c', 'p-5', 'honour'));
    for (const sku of ['soap', 'oil', 'towel']) await deliver(village.manager, SCHEME, sku, 50);
    return new VillageDays(village);
  }

  /** Asked for anew each time: a clock that was moved ends sessions. */
  readonly shopkeeper: Ask = async (...asked) => (await this.village.county.asIn(VILLAGE, 'shopkeeper'))(...asked);
  private readonly shop = new VillageShop(this.shopkeeper);

  fresh(): string {
    return `day-${(this.keys += 1)}`;
  }

  at(day: string, what = ''): string {
    return `/v1/admin/redemption-days/${day}${what === '' ? '' : `/${what}`}`;
  }

  plan(more: object = {}, as: Ask = this.shopkeeper): Promise<Answer> {
    const body = { key: this.fresh(), scheme: SCHEME, day: TODAY, title: '第三季度兑换日', ...more };
    return as('POST', '/v1/admin/redemption-days', body);
  }

  settle(day: string): Promise<Answer> {
    return this.shopkeeper('POST', this.at(day, 'settlement'));
  }

  open(day: string): Promise<Answer> {
    return this.shopkeeper('POST', this.at(day, 'opening'));
  }

  /** Settled and open. */
  async opened(more: object = {}): Promise<string> {
    const day = String((await this.plan(more)).body['day']);
    await this.settle(day);
    const { status, text } = await this.open(day);
    if (status !== 200) throw new Error(text);
    return day;
  }

  sell(day: string | undefined, subject: string, sku: string, n: number): Promise<Answer> {
    return this.shop.buy(subject, { [sku]: n }, day === undefined ? {} : { day });
  }

  enter(day: string, lines: readonly object[], more: object = {}): Promise<Answer> {
    return this.shopkeeper('POST', this.at(day, 'paper-batches'), { key: this.fresh(), lines, ...more });
  }

  closeBy(day: string, counts: readonly object[], more: object = {}): Promise<Answer> {
    return this.shopkeeper('POST', this.at(day, 'closing'), { key: this.fresh(), counts, ...more });
  }

  /** With every shelf counted: as it stands, but for what was found. */
  async close(
    day: string,
    found: readonly { readonly sku: string; readonly counted: number; readonly reason?: string }[] = [],
    more: object = {},
  ): Promise<Answer> {
    const others = (await this.shop.shelves()).flatMap(({ sku, stock }) =>
      stock === null || stock === 0 || found.some((each) => each.sku === sku) ? [] : [{ sku, counted: stock }],
    );
    return this.closeBy(day, [...found, ...others], more);
  }

  async show(day: string): Promise<Answer['body']> {
    return (await this.shopkeeper('GET', this.at(day))).body;
  }

  /** Pieces. */
  async shelfOf(sku: string): Promise<number> {
    return (await this.shop.stockOf(sku)) ?? 0;
  }

  /** Until some statement waits for a lock. */
  async waitingFor(statement: string): Promise<void> {
    await waitFor(async () => {
      const rows = await this.village.county.database.query<unknown[]>(
        "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%' || $1 || '%'",
        [statement],
      );
      return rows.length > 0;
    });
  }
}
