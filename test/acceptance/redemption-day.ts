import type { Answer } from '../county/ask.js';
import type { Desk } from './desk.js';
import { equal, granted, refused } from './expectations.js';

export interface Reconciled {
  readonly people: number;
  readonly points: number;
  readonly items: number;
  readonly uninvited: readonly string[];
  readonly absent: readonly string[];
  readonly stock: readonly {
    readonly sku: string;
    readonly before: number;
    readonly handedOut: number;
    readonly variance: number;
  }[];
}

/** A redemption day (集中兑换日) that a desk plans, settles, opens and closes. */
export class RedemptionDay {
  private constructor(
    private readonly desk: Desk,
    readonly id: string,
    readonly schemes: readonly string[],
    readonly invited: number | null,
  ) {}

  /** Planned for today. */
  static async plan(desk: Desk, invited?: object): Promise<RedemptionDay> {
    const body = {
      key: desk.office.scene.fresh(),
      scheme: desk.scheme,
      day: desk.office.today,
      title: '诚信集中兑换日',
    };
    const list = invited === undefined ? {} : { invited };
    const answer = await desk.as('manager')('POST', '/v1/admin/redemption-days', { ...body, ...list });
    const planned = granted('planning a day', answer);
    return new RedemptionDay(
      desk,
      String(planned['day']),
      planned['schemes'] as readonly string[],
      planned['invited'] as number | null,
    );
  }

  /** Planned, settled without a difference, and open. */
  static async open(desk: Desk, invited?: object): Promise<RedemptionDay> {
    const day = await RedemptionDay.plan(desk, invited);
    await day.settle();
    granted('opening', await day.opening());
    return day;
  }

  /** What all wallets together hold; every one of them as it was posted and earned. */
  async settle(): Promise<{ readonly subjects: number; readonly points: number }> {
    const found = granted('settling', await this.post('settlement'));
    equal('differences', found['differences'], []);
    return { subjects: Number(found['subjects']), points: Number(found['points']) };
  }

  opening(): Promise<Answer> {
    return this.post('opening');
  }

  /** In the evening: what somebody signed for on paper, whoever it was. */
  async enter(line: number, subject: string, sku: string): Promise<void> {
    const lines = [{ line, subject, sku, n: 1 }];
    granted('a paper line', await this.post('paper-batches', { key: this.desk.office.scene.fresh(), lines }));
  }

  async close(counted: Readonly<Record<string, number>>): Promise<Reconciled> {
    const counts = Object.entries(counted).map(([sku, n]) => ({ sku, counted: n }));
    const answer = await this.post('closing', { key: this.desk.office.scene.fresh(), counts });
    granted('closing', answer);
    return JSON.parse(answer.text) as Reconciled;
  }

  /** That a day does not open before it is settled. */
  async opensOnlySettled(): Promise<string> {
    const code = refused('opening what is not settled', await this.opening());
    equal('opening what is not settled', code, 'DAY_NOT_SETTLED');
    return code;
  }

  private post(act: string, body?: object): Promise<Answer> {
    return this.desk.as('manager')('POST', `/v1/admin/redemption-days/${this.id}/${act}`, body);
  }
}
