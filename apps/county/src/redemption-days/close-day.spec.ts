import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Staff } from '#libs/staff';
import type { Answer } from '../../../../test/county/running-county.js';
import { VILLAGE } from '../../../../test/county/sample-subjects.js';
import { deliver } from '../../../../test/county/shop-schemes.js';
import { TODAY, VillageDays } from '../../../../test/county/village-days.js';
import { SCHEME } from '../../../../test/county/village-scheme.js';
import { Redemptions } from '../redemption/redemptions.service.js';
import { RedemptionDays } from './redemption-days.service.js';

let days: VillageDays;
beforeAll(async () => {
  days = await VillageDays.run();
});
afterAll(() => days.village.close());

describe('closing a day', () => {
  const stockOf = (body: Answer['body'], sku: string): unknown =>
    (body['stock'] as readonly { readonly sku: string }[]).find((row) => row.sku === sku);

  it('holds the shelves against the register, and asks why where they differ', async () => {
    const day = await days.opened();
    await days.sell(day, 'p-3', 'soap', 2);
    await deliver(days.village.manager, SCHEME, 'soap', 7);
    const shelf = await days.shelfOf('soap');
    const missing = { sku: 'soap', counted: shelf - 1 };
    expect((await days.close(day, [missing])).body).toMatchObject({
      code: 'VARIANCE_UNEXPLAINED',
      fields: [{ path: '/counts/0/reason' }],
    });
    expect((await days.close(day, [{ ...missing, reason: 'x' }, missing])).body).toMatchObject({
      code: 'BODY_INVALID',
      fields: [{ path: '/counts/1/sku' }],
    });
    expect((await days.close(day, [{ sku: 'gold', counted: 0 }])).body).toMatchObject({
      code: 'ITEM_UNKNOWN',
      fields: [{ path: '/counts/0/sku' }],
    });
    const { body } = await days.close(day, [{ ...missing, reason: 'one was torn' }]);
    const counted = { before: shelf + 2, handedOut: 2, after: shelf - 1, variance: -1 };
    expect(stockOf(body, 'soap')).toEqual({ scheme: SCHEME, sku: 'soap', ...counted });
    expect(stockOf(body, 'oil')).toMatchObject({ handedOut: 0, before: 50, after: 50, variance: 0 });
    expect(await days.shelfOf('soap')).toBe(shelf - 1);
  });

  it('asks for a count of every shelf, and names those left out', async () => {
    const day = await days.opened();
    await days.sell(day, 'p-3', 'soap', 1);
    // By the books this shelf never held one.
    await days.enter(day, [{ line: 1, subject: 'p-3', sku: 'pan', n: 1 }]);
    const shelf = async (sku: string): Promise<object> => ({ sku, counted: await days.shelfOf(sku) });
    const counts = [await shelf('towel')];
    const { body } = await days.closeBy(day, counts);
    expect(body).toMatchObject({
      code: 'SHELF_NOT_COUNTED',
      // From the oil nobody took anything.
      fields: ['oil', 'pan', 'soap'].map((sku) => ({ path: '/counts', message: `lacks ${sku} of ${SCHEME}` })),
    });
    const found = [...counts, await shelf('oil'), await shelf('soap')];
    expect((await days.closeBy(day, found)).body).toMatchObject({ fields: [{ message: `lacks pan of ${SCHEME}` }] });
    const pan = { sku: 'pan', counted: 0, reason: 'delivered, and never entered' };
    const closed = await days.closeBy(day, [...found, pan]);
    expect(stockOf(closed.body, 'pan')).toMatchObject({ before: 0, handedOut: 1, after: 0, variance: 1 });
  });

  it('knows what came back', async () => {
    const day = await days.opened({ invited: { subjects: ['p-2', 'p-3'] } });
    const shelf = await days.shelfOf('towel');
    const [all, part] = [await days.sell(day, 'p-2', 'towel', 2), await days.sell(day, 'p-3', 'towel', 3)];
    const giveBack = (sale: Answer, n: number): Promise<Answer> =>
      days.shopkeeper('POST', `/v1/admin/redemptions/${String(sale.body['redemption'])}/returns`, {
        key: days.fresh(),
        items: [{ sku: 'towel', n }],
        reason: '颜色不对',
      });
    expect([(await giveBack(all, 2)).status, (await giveBack(part, 1)).status]).toEqual([200, 200]);
    const { body } = await days.close(day, [{ sku: 'towel', counted: shelf - 2 }]);
    expect(body).toMatchObject({ people: 1, points: 2, items: 2, uninvited: [], absent: ['p-2'] });
    expect(stockOf(body, 'towel')).toMatchObject({ before: shelf, handedOut: 2, after: shelf - 2, variance: 0 });
    const last = async (path: string): Promise<string | undefined> =>
      (await days.shopkeeper('GET', path)).text.trimEnd().split('\r\n').at(-1);
    const span = `from=${TODAY}&to=${TODAY}`;
    const by = `shopkeeper-${VILLAGE}`;
    expect(await last(`/v1/admin/schemes/${SCHEME}/redemption-register.csv?${span}`)).toBe(
      `${TODAY},王*明,p-3,商品 towel,-1,-1,,,${by}`,
    );
    const later = await days.shopkeeper(
      'GET',
      `/v1/admin/schemes/${SCHEME}/redemption-register.csv?from=2026-09-17&to=2026-09-30`,
    );
    expect(later.text.trimEnd().split('\r\n')).toHaveLength(1);
    const { wallet } = await days.village.ledger('p-3');
    expect(await last('/v1/admin/subjects/p-3/booklet.csv')).toBe(
      `${TODAY},退回：商品 towel×1：颜色不对,1,,${wallet?.balance},${by}`,
    );
  });

  it('finds what the books could not take from an empty shelf', async () => {
    const day = await days.opened();
    await deliver(days.village.manager, SCHEME, 'pan', 2);
    await days.enter(day, [{ line: 1, subject: 'p-3', sku: 'pan', n: 3 }]);
    expect(await days.shelfOf('pan')).toBe(0);
    expect((await days.close(day, [{ sku: 'pan', counted: 0 }])).body['code']).toBe('VARIANCE_UNEXPLAINED');
    const { body } = await days.close(day, [{ sku: 'pan', counted: 0, reason: 'one more had been delivered' }]);
    expect(stockOf(body, 'pan')).toMatchObject({ before: 2, handedOut: 3, after: 0, variance: 1 });
  });

  it('waits for a sale that is under way, and counts it', async () => {
    const day = await days.opened();
    const { app, database } = days.village.county;
    const staff: Staff = {
      id: randomUUID(),
      username: 'shop',
      displayName: 'shop',
      organisation: 'village',
      subject: null,
      grants: [{ role: 'shopkeeper', place: null }],
    };
    const left = [{ sku: 'towel', counted: (await days.shelfOf('towel')) - 1 }];
    const scope = await app.get(RedemptionDays, { strict: false }).scopeOf(staff);
    let closing: Promise<Answer> | undefined;
    await database.transaction(async (manager) => {
      const order = { key: days.fresh(), scheme: SCHEME, subject: 'p-3', items: [{ sku: 'towel', n: 1 }], day };
      await app.get(Redemptions, { strict: false }).redeem(manager, order, scope);
      closing = days.close(day, left);
      await days.waitingFor('FROM redemption_day');
    });
    expect((await closing!).body).toMatchObject({ people: 1, points: 1, items: 1 });
  });
});
