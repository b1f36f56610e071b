import type { Answer } from '../county/ask.js';
import type { Desk } from './desk.js';
import { equal, granted, refused } from './expectations.js';

export type Wanted = readonly (readonly [sku: string, n: number])[];

export interface Receipt {
  readonly redemption: string;
  readonly points: number;
  readonly balance: number;
  readonly codes?: readonly { readonly sku: string; readonly code: string }[];
}

/** The shop of a scheme, and who keeps it. */
export class Shop {
  constructor(readonly desk: Desk) {}

  private get fresh(): string {
    return this.desk.office.scene.fresh();
  }

  /** Goods on the shelf; given, unless they cost a fund something. */
  async shelve(sku: string, n: number, cost: { readonly fund?: string; readonly costFen: number } = { costFen: 0 }) {
    return granted(`delivering ${sku}`, await this.deliver(sku, n, cost));
  }

  deliver(sku: string, n: number, cost: { readonly fund?: string; readonly costFen: number }): Promise<Answer> {
    const body = { key: this.fresh, scheme: this.desk.scheme, sku, n, ...cost };
    return this.desk.as('shopkeeper')('POST', '/v1/admin/stock/deliveries', body);
  }

  /** What a subject takes; paid by the wallet of this shop's scheme, unless another is named. */
  order(subject: string, wanted: Wanted, more: object = {}): Promise<Answer> {
    const items = wanted.map(([sku, n]) => ({ sku, n }));
    const body = { key: this.fresh, scheme: this.desk.scheme, subject, items, ...more };
    return this.desk.as('shopkeeper')('POST', '/v1/admin/redemptions', body);
  }

  async buy(subject: string, wanted: Wanted, more: object = {}): Promise<Receipt> {
    const what = wanted.map(([sku, n]) => `${n} × ${sku}`).join(', ');
    const answer = await this.order(subject, wanted, more);
    granted(`buying ${what}`, answer);
    return JSON.parse(answer.text) as Receipt;
  }

  /** That an order is refused, and why. */
  async refuses(code: string, subject: string, wanted: Wanted, more: object = {}): Promise<string> {
    const what = `an order of ${wanted.map(([sku, n]) => `${n} × ${sku}`).join(', ')}`;
    equal(what, refused(what, await this.order(subject, wanted, more)), code);
    return code;
  }

  /** One of everything, at these prices. */
  async charges(subject: string, prices: Readonly<Record<string, number>>, more: object = {}): Promise<void> {
    for (const [sku, price] of Object.entries(prices)) {
      const { points } = await this.buy(subject, [[sku, 1]], more);
      equal(`the price of ${sku}`, points, price);
    }
  }

  /** That one of the household may collect, and nobody else. */
  async handsToKin(subject: string, kin: string, wanted: Wanted, more: object = {}): Promise<void> {
    await this.buy(subject, wanted, { ...more, collectedBy: kin });
    const stranger = await this.desk.subject('person');
    await this.refuses('PROXY_NOT_ALLOWED', subject, wanted, { ...more, collectedBy: stranger });
  }

  payIn(fund: string, source: string, amountFen: number): Promise<Answer> {
    const body = { key: this.fresh, scheme: this.desk.scheme, fund, source, amountFen, note: 'a receipt' };
    // Who awards acts for the giving place too.
    return this.desk.office.as({ role: 'manager' })('POST', '/v1/admin/funds/inflows', body);
  }

  async fund(fund: string): Promise<number> {
    const path = `/v1/admin/schemes/${this.desk.scheme}/funds/${fund}`;
    const { balanceFen } = granted('a fund', await this.desk.office.as({ role: 'auditor' })('GET', path));
    return Number(balanceFen);
  }

  /** Every source that a fund has, one after another; and none besides. */
  async takes(fund: string, sources: readonly string[], others: readonly string[]): Promise<void> {
    const before = await this.fund(fund);
    for (const [at, source] of sources.entries())
      granted(`${source} into ${fund}`, await this.payIn(fund, source, 10_000 * (at + 1)));
    const paid = sources.reduce((sum, _, at) => sum + 10_000 * (at + 1), 0);
    equal(`${fund} after ${sources.join(', ')}`, (await this.fund(fund)) - before, paid);
    for (const source of others) {
      const code = refused(`${source} into ${fund}`, await this.payIn(fund, source, 100));
      equal(`${source} into ${fund}`, code, 'INFLOW_NOT_BY_FUND');
    }
  }
}
