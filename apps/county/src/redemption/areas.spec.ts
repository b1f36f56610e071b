import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Area, SchemeDocument } from '#libs/scheme';
import type { Answer, Ask } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import {
  ELSEWHERE,
  household,
  join,
  outcome,
  outcomes,
  person,
  recordSubjects,
  VILLAGE,
} from '../../../../test/county/sample-subjects.js';
import { shopScheme } from '../../../../test/county/shop-schemes.js';

const COUNTY = '371082';
const template: SchemeDocument = {
  ...shopScheme,
  id: 'template',
  place: COUNTY,
  level: 'county',
  overridable: ['funds/village', 'area', 'redemption'],
};
const area = (id: string, ...schemes: readonly string[]): Area => ({
  id,
  schemes,
  shared: ['scenes', 'prices'],
  transfer: 1,
  accept_by: '验收小组',
  source: 'invented',
});
/** Inherits everything but its area. */
const child = (id: string, place: string, more: Partial<SchemeDocument>): SchemeDocument => {
  const { catalogue: _catalogue, funds: _funds, redemption: _redemption, overridable: _overridable, ...own } = template;
  const inherited = { rules: [], metrics: [], gradings: [], parent: { id: 'template', version: 1 } };
  return { ...own, ...inherited, id, place, level: 'village', ...more };
};
const together = area('east', 'one', 'two');

let village: RunningVillage;
let town: Ask;
beforeAll(async () => {
  village = await runVillage(
    template,
    child('one', VILLAGE, { area: together }),
    child('two', ELSEWHERE, { area: together }),
    // Says that it belongs to the area; the others do not say so.
    child('three', ELSEWHERE, { area: area('east', 'one', 'two', 'three') }),
    child('four', ELSEWHERE, { area: area('west', 'one', 'four') }),
    child('five', ELSEWHERE, {}),
    child('eight', VILLAGE, { area: area('south', 'eight', 'nine') }),
    child('nine', VILLAGE, { area: area('south', 'eight', 'nine') }),
    // Sells on days only, and to nobody who comes for another.
    child('six', VILLAGE, { redemption: { cadence: 'month', proxy: false, source: 'invented' } }),
    child('seven', VILLAGE, { redemption: { cadence: 'any_time', proxy: false, source: 'invented' } }),
  );
  town = village.manager;
  const registrar = await village.county.as('registrar');
  await recordSubjects(registrar, [
    person('v-1'),
    person('v-2'),
    household('h-1'),
    person('w-1', { place: ELSEWHERE }),
  ]);
  for (const member of ['v-1', 'v-2']) await join(registrar, member, 'h-1', '2026-01-01');
  await village.earn(done('v-1', 'v-1', 'help', { scheme: 'one' }), done('v-2', 'v-1', 'help', { scheme: 'one' }));
  await village.earn(done('w-1', 'w-1', 'help', { scheme: 'two' }));
});
afterAll(() => village.close());

let keys = 0;
const key = (): string => `k-${(keys += 1)}`;
const payIn = (scheme: string, fund: string, source: string, amountFen: number, as = town): Promise<Answer> =>
  as('POST', '/v1/admin/funds/inflows', { key: key(), scheme, fund, source, amountFen, note: 'a note' });
const deliver = (scheme: string, sku: string, n: number, more: object = {}, as = town): Promise<Answer> =>
  as('POST', '/v1/admin/stock/deliveries', { key: key(), scheme, sku, n, costFen: 0, ...more });
const count = (scheme: string, sku: string, counted: number, more: object = {}): Promise<Answer> =>
  town('POST', '/v1/admin/stock/counts', { key: key(), scheme, sku, counted, ...more });
const buy = (scheme: string, shop: string, subject: string, items: object, as = town, more = {}): Promise<Answer> => {
  const list = Object.entries(items).map(([sku, n]: [string, unknown]) => ({ sku, n }));
  return as('POST', '/v1/admin/redemptions', { key: key(), scheme, shop, subject, items: list, ...more });
};
const fund = async (scheme: string, id: string): Promise<Answer['body']> =>
  (await town('GET', `/v1/admin/schemes/${scheme}/funds/${id}`)).body;

describe('funds of two levels (F02)', () => {
  it('are one of the town for all villages where they may not set it, and one for each where they may', async () => {
    expect((await payIn('one', 'reserve', 'collective', 5_000)).body).toEqual({
      id: 'reserve',
      label: '储备金',
      owner: 'template',
      balanceFen: 5_000,
    });
    expect((await payIn('two', 'reserve', 'sponsor', 1_000)).body).toMatchObject({
      owner: 'template',
      balanceFen: 6_000,
    });
    expect((await payIn('one', 'village', 'donation', 300)).body).toMatchObject({ owner: 'one', balanceFen: 300 });
    expect((await payIn('two', 'village', 'donation', 200)).body).toMatchObject({ owner: 'two', balanceFen: 200 });
    const { funds } = (await town('GET', '/v1/admin/schemes/one/shop')).body;
    expect(funds).toEqual([
      { id: 'reserve', label: '储备金', owner: 'template', balanceFen: 6_000 },
      { id: 'village', label: '村基金', owner: 'one', balanceFen: 300 },
    ]);
  });

  it('take what their document lets in; an award leaves the fund it comes from', async () => {
    expect(outcome(await payIn('one', 'village', 'collective', 1))).toEqual([422, 'INFLOW_NOT_BY_FUND']);
    expect(outcome(await payIn('one', 'none', 'donation', 1))).toEqual([422, 'FUND_UNKNOWN']);
    expect(outcome(await payIn('none', 'village', 'donation', 1))).toEqual([422, 'ENTRY_SCHEME_UNKNOWN']);
    expect(outcome(await payIn('one', 'village', 'award', 6_001))).toEqual([409, 'FUND_INSUFFICIENT']);
    expect((await payIn('one', 'village', 'award', 4_000)).body).toMatchObject({ balanceFen: 4_300 });
    expect(await fund('one', 'village')).toMatchObject({
      owner: 'one',
      balanceFen: 4_300,
      movements: [
        { amountFen: 300, cause: 'donation' },
        { amountFen: 4_000, cause: 'award', by: 'manager', note: 'a note' },
      ],
    });
    expect(await fund('two', 'reserve')).toMatchObject({
      balanceFen: 2_000,
      movements: [{}, {}, { amountFen: -4_000, cause: 'awarded' }],
    });
  });

  it('are paid into by who acts where they are: a village does not award itself the town’s money', async () => {
    const own = await village.county.asIn(VILLAGE, 'manager');
    expect((await payIn('one', 'village', 'donation', 1, own)).status).toBe(200);
    expect(outcome(await payIn('one', 'village', 'award', 1, own))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    expect(outcome(await payIn('one', 'reserve', 'sponsor', 1, own))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    expect(outcome(await payIn('two', 'village', 'donation', 1, own))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    expect(outcome(await own('GET', '/v1/admin/schemes/one/funds/reserve'))).toEqual([404, 'NOT_FOUND']);
    expect(outcome(await own('GET', '/v1/admin/schemes/two/shop'))).toEqual([404, 'NOT_FOUND']);
    const shopkeeper = await village.county.asIn(VILLAGE, 'shopkeeper');
    expect(outcome(await payIn('one', 'village', 'donation', 1, shopkeeper))).toEqual([403, 'STAFF_ROLE_MISSING']);
  });

  it('pay for the shelf, never below zero', async () => {
    const paid = { key: 'paid', scheme: 'one', sku: 'soap', n: 10, costFen: 4_000 };
    const delivered = await town('POST', '/v1/admin/stock/deliveries', paid);
    expect(delivered.body).toEqual({ stock: 10, balanceFen: 301 });
    expect((await town('POST', '/v1/admin/stock/deliveries', paid)).text).toBe(delivered.text);
    expect(outcome(await deliver('one', 'soap', 1, { costFen: 302 }))).toEqual([409, 'FUND_INSUFFICIENT']);
    expect(outcome(await deliver('one', 'soap', 1, { costFen: 1, fund: 'reserve' }))).toEqual([422, 'FUND_UNKNOWN']);
    expect(outcome(await deliver('one', 'towel', 1, { costFen: 1 }))).toEqual([422, 'FUND_UNKNOWN']);
    expect((await deliver('one', 'towel', 1, { costFen: 1, fund: 'village' })).body).toEqual({
      stock: 1,
      balanceFen: 300,
    });
    expect(outcome(await deliver('one', 'massage', 1))).toEqual([422, 'ITEM_UNKNOWN']);
    expect((await deliver('two', 'soap', 10)).body).toEqual({ stock: 10, balanceFen: 200 });
    expect((await fund('one', 'village'))['movements']).toMatchObject([
      {},
      {},
      {},
      { amountFen: -4_000, cause: 'delivery', key: 'paid' },
      {},
    ]);
    await expect(village.county.database.query('DELETE FROM fund_movement')).rejects.toMatchObject({ code: '23001' });
    await expect(village.county.database.query('UPDATE fund_movement SET note = $1', ['x'])).rejects.toMatchObject({
      code: '23001',
    });
  });
});

describe('a count of the shelf', () => {
  it('is what is there from then on; a variance needs its reason', async () => {
    expect((await count('two', 'soap', 10)).body).toEqual({ before: 10, counted: 10, variance: 0 });
    expect(outcome(await count('two', 'soap', 9))).toEqual([422, 'VARIANCE_UNEXPLAINED']);
    expect((await count('two', 'soap', 9, { reason: 'fell down' })).body).toEqual({
      before: 10,
      counted: 9,
      variance: -1,
    });
    expect((await count('two', 'soap', 10, { reason: 'found again' })).body).toMatchObject({ before: 9, variance: 1 });
    expect(outcome(await count('two', 'gold', 1, { reason: 'x' }))).toEqual([422, 'ITEM_UNKNOWN']);
  });
});

describe('equal value inside an area (F25)', () => {
  it('lets the points of one village buy in the other, 1 for 1, sold by the shop’s own people', async () => {
    const seller = await village.county.asIn(ELSEWHERE, 'shopkeeper');
    expect((await buy('one', 'two', 'v-1', { soap: 2, towel: 0 }, seller)).status).toBe(400);
    expect((await buy('one', 'two', 'v-1', { soap: 3 }, seller)).body).toMatchObject({ points: 9, balance: 11 });
    expect(outcome(await buy('one', 'one', 'v-1', { soap: 1 }, seller))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    const neighbour = await village.county.asIn(VILLAGE, 'shopkeeper');
    expect(outcome(await buy('one', 'one', 'w-1', { soap: 1 }, neighbour))).toEqual([422, 'SUBJECT_UNKNOWN']);
    expect((await buy('two', 'one', 'w-1', { soap: 1, towel: 1 })).body).toMatchObject({ points: 4, balance: 6 });
    expect((await town('GET', '/v1/admin/schemes/two/shop')).body['items']).toMatchObject([
      { sku: 'soap', stock: 7 },
      {},
      {},
      {},
      {},
    ]);
  });

  it('ends at the area: both documents must name it, and each other', async () => {
    for (const shop of ['three', 'four', 'five', 'template'])
      expect(outcome(await buy('one', shop, 'v-1', { soap: 1 }))).toEqual([409, 'AREA_DIFFERENT']);
    expect((await village.county.database.query<unknown[]>('SELECT FROM area_debt')).length).toBe(3);
  });

  it('is settled between the village funds: what one owes the others are owed', async () => {
    expect((await town('GET', '/v1/admin/areas/east/clearing')).body).toEqual({
      rows: [
        { scheme: 'one', fund: 'village', owesPoints: 9, owedPoints: 3, points: -6 },
        { scheme: 'one', fund: null, owesPoints: 0, owedPoints: 1, points: 1 },
        { scheme: 'two', fund: 'village', owesPoints: 3, owedPoints: 9, points: 6 },
        { scheme: 'two', fund: null, owesPoints: 1, owedPoints: 0, points: -1 },
      ],
      sum: 0,
    });
    const clear = (as = town): Promise<Answer> => as('POST', '/v1/admin/areas/east/clearings', { key: 'clear' });
    expect(outcome(await clear(await village.county.asIn(VILLAGE, 'manager')))).toEqual([404, 'NOT_FOUND']);
    const [cleared, meanwhile] = await Promise.all([
      clear(),
      // Whichever is first settles it all, the other nothing.
      town('POST', '/v1/admin/areas/east/clearings', { key: 'meanwhile' }),
    ]);
    const [some, none] = (cleared.body['rows'] as unknown[]).length > 0 ? [cleared, meanwhile] : [meanwhile, cleared];
    expect(none.body).toMatchObject({ rows: [], sum: 0 });
    expect(some.body).toMatchObject({
      rows: [{ points: -6 }, { points: 1 }, { points: 6 }, { points: -1 }],
      sum: 0,
    });
    expect((await clear()).text).toBe(cleared.text);
    expect((await town('GET', '/v1/admin/areas/east/clearing')).body).toEqual({ rows: [], sum: 0 });
    expect(outcome(await town('GET', '/v1/admin/areas/north/clearing'))).toEqual([404, 'NOT_FOUND']);
  });

  it('keeps to the limit of an item, from however many wallets it is paid at once', async () => {
    for (const scheme of ['eight', 'nine'])
      await village.earn(...[1, 2].map((n) => done(`${scheme}-${n}`, 'v-2', 'help', { scheme })));
    const tries = await Promise.all(
      Array.from({ length: 10 }, (_, n) => buy(n % 2 === 0 ? 'eight' : 'nine', 'eight', 'v-2', { massage: 1 })),
    );
    expect(outcomes(tries)).toEqual(tries.map((_, n) => (n < 3 ? '200' : '409 LIMIT_EXCEEDED')));
  });

  it('takes back what comes back, also after it was settled', async () => {
    const sale = await buy('one', 'two', 'v-1', { soap: 1 });
    expect((await town('POST', '/v1/admin/areas/east/clearings', { key: key() })).body).toMatchObject({
      rows: [{ points: -3 }, { points: 3 }],
    });
    const back = { key: key(), items: [{ sku: 'soap', n: 1 }], reason: 'broken' };
    await town('POST', `/v1/admin/redemptions/${String(sale.body['redemption'])}/returns`, back);
    expect((await town('GET', '/v1/admin/areas/east/clearing')).body).toMatchObject({
      rows: [
        { scheme: 'one', points: 3 },
        { scheme: 'two', points: -3 },
      ],
      sum: 0,
    });
  });
});

describe('what a document leaves out', () => {
  it('is not sold: outside its days, and to proxies', async () => {
    for (const scheme of ['six', 'seven']) {
      await village.earn(done(`${scheme}-1`, 'v-1', 'help', { scheme }));
      await deliver(scheme, 'soap', 1);
    }
    expect(outcome(await buy('six', 'six', 'v-1', { soap: 1 }))).toEqual([409, 'REDEMPTION_CLOSED']);
    const sell = (more: object): Promise<Answer> => buy('seven', 'seven', 'v-1', { soap: 1 }, town, more);
    expect(outcome(await sell({ collectedBy: 'v-2' }))).toEqual([403, 'PROXY_NOT_ALLOWED']);
    expect((await sell({})).status).toBe(200);
  });
});
