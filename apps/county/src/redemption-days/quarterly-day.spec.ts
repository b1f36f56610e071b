import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, type Ask, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import { outcome, recordSubjects } from '../../../../test/county/sample-subjects.js';
import { deliver } from '../../../../test/county/shop-schemes.js';

/** The zone's communities share one calendar (F09): config/schemes/371083. */
const ZONE = 'cn-371083-yintan';
const YIHE = `${ZONE}-yihe`;
const HAIYUN = `${ZONE}-haiyun`;
const TODAY = '2026-09-16';
const SCRIPT = '<script>alert(1)</script>';

let county: RunningCounty;
let shopkeeper: Ask;
let day = '';

/** 13 people who take 34 pieces for 402 points (F13; 34 is exact by assumption). */
const BASKETS: readonly (readonly [string, Readonly<Record<string, number>>])[] = [
  ...Array.from({ length: 10 }, (_, at) => {
    const basins = at < 2 ? 2 : 1;
    return [`yh-${at + 1}`, { 'laundry-liquid': 1, 'foot-basin': basins }] as const;
  }),
  ...[11, 12, 13].map((at) => [`yh-${at}`, { 'hand-wash': 4 }] as const),
];
/** The last has no network left: it is signed for on paper. */
const PAPER = 'yh-13';

const at = (what: string): string => `/v1/admin/redemption-days/${day}${what === '' ? '' : `/${what}`}`;
/** `fetch` has taken the byte order mark off. */
const rows = (text: string): readonly string[] => text.trimEnd().split('\r\n');
const items = (basket: Readonly<Record<string, number>>): readonly { sku: string; n: number }[] =>
  Object.entries(basket).map(([sku, n]) => ({ sku, n }));

/** Declared, verified and approved. */
async function earn(scheme: string, rule: string, more: readonly object[]): Promise<void> {
  const entries = more.map((entry, n) => ({ id: `${scheme}-${rule}-${n}`, scheme, rule, occurredOn: TODAY, ...entry }));
  const ids = entries.map(({ id }) => id);
  const answers = [
    await (await county.as('collector'))('POST', '/v1/admin/entries', { entries }),
    await (
      await county.as('verifier')
    )('POST', '/v1/admin/entries/acts', { key: `${scheme}-${rule}-v`, act: 'verify', entries: ids }),
    await (
      await county.as('approver')
    )('POST', '/v1/admin/entries/acts', { key: `${scheme}-${rule}-a`, act: 'approve', entries: ids }),
  ];
  const refused = answers.find(({ status }) => status !== 200);
  if (refused !== undefined) throw new Error(refused.text);
}

beforeAll(async () => {
  county = await runCounty({ place: '371083' });
  shopkeeper = async (...asked) => (await county.asIn('371083-yintan', 'shopkeeper'))(...asked);
  const person = (handle: string, place: string): object => ({
    handle,
    kind: 'person',
    place,
    name: '王小明',
    birthYear: 1980,
    documentLast4: '123X',
  });
  const recorded = await recordSubjects(await county.as('registrar'), [
    ...BASKETS.map(([handle]) => person(handle, YIHE.slice(3))),
    person('yh-late', YIHE.slice(3)),
    person('hy-1', HAIYUN.slice(3)),
    { handle: 'hy-b', kind: 'building', place: HAIYUN.slice(3), name: '3号楼', doorNumber: '3' },
  ]);
  if (recorded.status !== 200) throw new Error(recorded.text);
  // No interface takes such a name.
  await county.database.query("UPDATE subject SET name = $1 WHERE handle = 'hy-b'", [SCRIPT]);
  await earn(
    YIHE,
    'volunteer',
    BASKETS.map(([subject]) => ({ subject, quantity: 8 })),
  );
  await earn(HAIYUN, 'volunteer', [{ subject: 'hy-1', quantity: 6 }]);
  await earn(HAIYUN, 'building-tidy', [{ subject: 'hy-b' }]);
  for (const sku of ['laundry-liquid', 'foot-basin', 'hand-wash', 'hood-cleaner'])
    await deliver(shopkeeper, YIHE, sku, 20);
});
afterAll(() => county.close());

describe('one redemption day a quarter for all communities of a zone (F09, F12)', () => {
  it('is planned once, for every child that has a shop and no calendar of its own', async () => {
    const title = '<b>第三季度</b>诚信集中兑换日';
    const planned = await shopkeeper('POST', '/v1/admin/redemption-days', {
      key: 'q3',
      scheme: ZONE,
      day: TODAY,
      title,
    });
    expect(planned.status).toBe(201);
    const communities = ['bailangwan', 'guanhaiyuan', 'haiyun', 'yihe'].map((name) => `${ZONE}-${name}`);
    expect(planned.body['schemes']).toEqual(communities);
    day = String(planned.body['day']);
  });

  it('is settled to zero over the wallets of all of them, nobody left out, and opened', async () => {
    const settlement = { subjects: 15, points: 13 * 40 + 30 + 4, differences: [] };
    expect((await shopkeeper('POST', at('settlement'))).body).toEqual(settlement);
    const own = await county.asIn('371083-yintan-yihe', 'shopkeeper');
    expect(outcome(await own('POST', at('opening')))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    expect((await shopkeeper('POST', at('opening'))).body).toMatchObject({ state: 'open', settlement });
  });
});

describe('the list for a day without network', () => {
  const list = async (query: string, as: Ask = shopkeeper): Promise<Answer> => as('GET', at(`pick-list${query}`));

  it('is a page to print that runs nothing and is kept nowhere', async () => {
    const { status, headers, text } = await list(`?scheme=${YIHE}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    for (const shown of ['颐和社区信用超市', '&lt;b&gt;第三季度&lt;/b&gt;诚信集中兑换日', '2026年9月16日', '第 1 页'])
      expect(text).toContain(shown);
    expect(text).toContain(`打印：shopkeeper-371083-yintan　2026-09-16 12:00`);
    expect(text).toContain('<span class="upright">洗衣液</span><span class="price">15分</span>');
    expect(text).not.toMatch(/王小明|<script|<b>/);
    expect(text.split('王*明')).toHaveLength(14);
  });

  it('is one community’s, for its own staff', async () => {
    expect(outcome(await list(''))).toEqual([422, 'ENTRY_SCHEME_UNKNOWN']);
    expect(outcome(await list('?scheme=cn-371083'))).toEqual([422, 'ENTRY_SCHEME_UNKNOWN']);
    const own = await county.asIn('371083-yintan-yihe', 'shopkeeper');
    expect((await list(`?scheme=${YIHE}`, own)).status).toBe(200);
    expect(outcome(await list(`?scheme=${HAIYUN}`, own))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    const other = (await list(`?scheme=${HAIYUN}`)).text;
    // A building is no person: its name stands there, as text.
    expect(other).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(other).not.toContain('<script');
  });

  it('is the same as CSV', async () => {
    const { headers, text } = await list(`.csv?scheme=${YIHE}`);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(headers.get('content-disposition')).toBe('attachment; filename="pick-list.csv"');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(rows(text).slice(0, 2)).toEqual([
      '行号,姓名,编号,余额,洗衣液（15分）,洗脚盆（12分）,洗手液（9分）,油烟净（11分）,签字,代领人',
      '1,王*明,yh-1,40,,,,,,',
    ]);
  });
});

describe('the day itself (F13)', () => {
  it('is reconciled to 13 people, 402 points and 34 items, those on paper included', async () => {
    for (const [subject, basket] of BASKETS.filter(([handle]) => handle !== PAPER)) {
      const order = { key: `q3-${subject}`, scheme: YIHE, subject, items: items(basket), day };
      expect((await shopkeeper('POST', '/v1/admin/redemptions', order)).status).toBe(200);
    }
    // The shop of another community sells on the same day, but not this one's goods.
    const oil = { key: 'oil', scheme: HAIYUN, subject: 'hy-1', items: [{ sku: 'cooking-oil', n: 1 }], day };
    expect(outcome(await shopkeeper('POST', '/v1/admin/redemptions', oil))).toEqual([409, 'STOCK_INSUFFICIENT']);
    const [signed] = items(BASKETS.find(([handle]) => handle === PAPER)?.[1] ?? {});
    const lines = [{ line: 13, subject: PAPER, ...signed, collectedBy: 'yh-12' }];
    const own = await county.asIn('371083-yintan-yihe', 'shopkeeper');
    expect(outcome(await own('POST', at('paper-batches'), { key: 'e', lines }))).toEqual([422, 'ENTRY_SCHEME_UNKNOWN']);
    const entered = await own('POST', at('paper-batches'), { key: 'evening', scheme: YIHE, lines });
    expect(entered.body).toEqual({
      lines: [{ ...lines[0], redemption: expect.any(String), points: 36, shortage: 0 }],
    });
    const count = (sku: string, counted: number): object => ({ scheme: YIHE, sku, counted });
    const shelves = { 'laundry-liquid': 10, 'foot-basin': 8, 'hand-wash': 8, 'hood-cleaner': 20 };
    const counts = Object.entries(shelves).map(([sku, counted]) => count(sku, counted));
    expect(outcome(await own('POST', at('closing'), { key: 'end', counts }))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    const { body } = await shopkeeper('POST', at('closing'), { key: 'end', counts });
    expect(body).toMatchObject({ people: 13, points: 402, items: 34, uninvited: [], absent: [], shortages: [] });
    expect(body['stock']).toEqual([
      { scheme: YIHE, sku: 'foot-basin', before: 20, handedOut: 12, after: 8, variance: 0 },
      { scheme: YIHE, sku: 'hand-wash', before: 20, handedOut: 12, after: 8, variance: 0 },
      { scheme: YIHE, sku: 'hood-cleaner', before: 20, handedOut: 0, after: 20, variance: 0 },
      { scheme: YIHE, sku: 'laundry-liquid', before: 20, handedOut: 10, after: 10, variance: 0 },
    ]);
  });
});

describe('a day of several communities, as the staff of one see it', () => {
  it('names the people, shelves, shortages and differences of their own community only', async () => {
    const staffOf = (community: string): Promise<Ask> => county.asIn(`371083-yintan-${community}`, 'shopkeeper');
    const [yihe, haiyun] = [await staffOf('yihe'), await staffOf('haiyun')];
    const invited = { subjects: ['hy-1', 'yh-1'] };
    const more = { key: 'q4', scheme: ZONE, day: TODAY, title: 'q4', invited };
    const next = String((await shopkeeper('POST', '/v1/admin/redemption-days', more)).body['day']);
    const path = `/v1/admin/redemption-days/${next}`;
    const shownTo = (...staff: readonly Ask[]): Promise<readonly unknown[]> =>
      Promise.all(staff.map(async (as) => (await as('GET', path)).body));
    const step = async (name: string): Promise<number> => (await shopkeeper('POST', `${path}/${name}`)).status;
    expect(await shownTo(haiyun, yihe, shopkeeper)).toMatchObject([
      { invited: 2, list: ['hy-1'] },
      { invited: 2, list: ['yh-1'] },
      { invited: 2, list: ['hy-1', 'yh-1'] },
    ]);
    const shift = (points: number): Promise<unknown> =>
      county.database.query(
        "UPDATE wallet SET balance = balance + $1 WHERE subject_id = (SELECT id FROM subject WHERE handle = 'hy-1')",
        [points],
      );
    await shift(1);
    expect(await step('settlement')).toBe(200);
    const found = ['WALLET_NOT_POSTED', 'WALLET_NOT_EARNED'].map((code) => ({ subject: 'hy-1', code }));
    expect(await shownTo(haiyun, yihe)).toMatchObject([
      { settlement: { differences: found } },
      { settlement: { differences: [] } },
    ]);
    await shift(-1);
    expect([await step('settlement'), await step('opening')]).toEqual([200, 200]);
    // Not on the list, beyond the balance, and by the books from an empty shelf.
    const lines = [{ line: 1, subject: 'hy-b', sku: 'cooking-oil', n: 1 }];
    const paper = { key: 'q4-paper', scheme: HAIYUN, lines };
    expect((await shopkeeper('POST', `${path}/paper-batches`, paper)).status).toBe(200);
    const shelves = { 'laundry-liquid': 10, 'foot-basin': 8, 'hand-wash': 8, 'hood-cleaner': 20 };
    const counts = [
      ...Object.entries(shelves).map(([sku, counted]) => ({ scheme: YIHE, sku, counted })),
      { scheme: HAIYUN, sku: 'cooking-oil', counted: 0, reason: 'delivered, and never entered' },
    ];
    expect((await shopkeeper('POST', `${path}/closing`, { key: 'q4-end', counts })).status).toBe(200);
    const oil = { scheme: HAIYUN, sku: 'cooking-oil', variance: 1 };
    const short = [{ scheme: HAIYUN, subject: 'hy-b' }];
    const own = Object.keys(shelves)
      .toSorted()
      .map((sku) => ({ scheme: YIHE, sku }));
    expect(await shownTo(haiyun, yihe, shopkeeper)).toMatchObject([
      { reconciliation: { absent: ['hy-1'], uninvited: ['hy-b'], stock: [oil], shortages: short } },
      { reconciliation: { absent: ['yh-1'], uninvited: [], stock: own, shortages: [] } },
      { reconciliation: { absent: ['hy-1', 'yh-1'], uninvited: ['hy-b'], stock: [oil, ...own], shortages: short } },
    ]);
    const { body } = await haiyun('GET', '/v1/admin/redemption-days');
    expect(body).toHaveProperty('days');
    expect(JSON.stringify(body)).not.toMatch(/yh-1|hand-wash/);
  });
});

describe('what is printed afterwards', () => {
  const register = (what: string, span = `from=${TODAY}&to=${TODAY}`, as: Ask = shopkeeper): Promise<Answer> =>
    as('GET', `/v1/admin/schemes/${YIHE}/redemption-register${what}?${span}`);

  it('is the register of a shop (F10): who took what, who collected, which line on paper', async () => {
    const lines = rows((await register('.csv')).text);
    expect(lines).toHaveLength(1 + 20 + 3);
    expect(lines[1]).toBe(`${TODAY},王*明,yh-1,洗衣液,1,15,,,shopkeeper-371083-yintan`);
    expect(lines.at(-1)).toBe(`${TODAY},王*明,yh-13,洗手液,4,36,王*明,13,shopkeeper-371083-yintan-yihe`);
    const { text, headers } = await register('');
    expect(headers.get('content-security-policy')).toContain("style-src 'sha256-");
    expect(text).toContain('合计　13 人');
    expect(text).toMatch(/<td class="number">34<\/td>\s*<td class="number">402<\/td>/);
    expect(text).not.toContain('王小明');
    expect(rows((await register('.csv', 'from=2026-09-17&to=2026-09-30')).text)).toHaveLength(1);
    expect(rows((await register('.csv', 'from=2026-09-01&to=2026-09-15')).text)).toHaveLength(1);
    for (const span of ['from=2026-09-02&to=2026-09-01', 'from=2026-09-31&to=2026-10-01', ''])
      expect(outcome(await register('', span))).toEqual([400, 'BODY_INVALID']);
    const elsewhere = await county.asIn('371083105', 'manager');
    expect(outcome(await register('', undefined, elsewhere))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
  });

  it('is the booklet of a subject: earned, spent, and the balance after each', async () => {
    const booklet = (handle: string, what = '', as: Ask = shopkeeper): Promise<Answer> =>
      as('GET', `/v1/admin/subjects/${handle}/booklet${what}?scheme=${YIHE}`);
    expect(rows((await booklet('yh-1', '.csv')).text)).toEqual([
      '日期,事项,收入,支出,余额,经办',
      `${TODAY},参加社区志愿服务（${TODAY}）,40,,40,approver`,
      `${TODAY},兑换：洗衣液×1、洗脚盆×2,,39,1,shopkeeper-371083-yintan`,
    ]);
    expect(rows((await booklet(PAPER, '.csv')).text).at(-1)).toBe(
      `${TODAY},兑换：洗手液×4（代领，签领单第13行）,,36,4,shopkeeper-371083-yintan-yihe`,
    );
    const { text, headers } = await booklet('yh-1');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).toContain('余额 <b>1</b> 分');
    expect(text).not.toContain('王小明');
    const elsewhere = await county.asIn('371083105', 'manager');
    expect(outcome(await booklet('yh-1', '', elsewhere))).toEqual([404, 'NOT_FOUND']);
  });

  it('says in a booklet what was taken back, and what no balance covers', async () => {
    const manager = await county.as('manager');
    const entry = `${YIHE}-volunteer-0`;
    await manager('POST', '/v1/admin/entries/acts', {
      key: 'c',
      act: 'contest',
      entries: [entry],
      reason: 'not there',
    });
    const lines = rows((await manager('GET', `/v1/admin/subjects/yh-1/booklet.csv?scheme=${YIHE}`)).text);
    expect(lines.at(-1)).toBe(`${TODAY},扣回：参加社区志愿服务（${TODAY}），欠39分,,1,0,manager`);
    const paid = { key: 'paid', scheme: YIHE, subject: 'yh-1', points: 9, reason: '=退回商品' };
    await manager('POST', '/v1/admin/shortages/settlements', paid);
    const after = rows((await manager('GET', `/v1/admin/subjects/yh-1/booklet.csv?scheme=${YIHE}`)).text);
    expect(after.at(-1)).toBe(`${TODAY},欠分核销：=退回商品，核销欠分9分,,,0,manager`);
    expect((await manager('GET', `/v1/admin/subjects/yh-1/booklet?scheme=${YIHE}`)).text).toContain(
      '欠分 <b>30</b> 分',
    );
  });
});
