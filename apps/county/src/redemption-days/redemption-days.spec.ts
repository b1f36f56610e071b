import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { SchemeDocument } from '#libs/scheme';
import type { Staff } from '#libs/staff';
import { waitFor } from '#libs/testing';
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
import { deliver, shopScheme } from '../../../../test/county/shop-schemes.js';
import { SCHEME } from '../../../../test/county/village-scheme.js';
import { openRecording } from '../ledger/ledger-clock.js';
import { Redemptions } from '../redemption/redemptions.service.js';
import { RedemptionDays } from './redemption-days.service.js';

const INVENTED = { source: 'invented' };
const TODAY = '2026-09-16';

/** The village's shop, open on its days only, with grades to invite by. */
const quarterly: SchemeDocument = {
  ...shopScheme,
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

let village: RunningVillage;
let shopkeeper: Ask;
let keys = 0;
const key = (): string => `day-${(keys += 1)}`;
const at = (day: string, what = ''): string => `/v1/admin/redemption-days/${day}${what === '' ? '' : `/${what}`}`;
const plan = (more: object = {}, as: Ask = shopkeeper): Promise<Answer> =>
  as('POST', at('').slice(0, -1), { key: key(), scheme: SCHEME, day: TODAY, title: '第三季度兑换日', ...more });
const settle = (day: string): Promise<Answer> => shopkeeper('POST', at(day, 'settlement'));
const open = (day: string): Promise<Answer> => shopkeeper('POST', at(day, 'opening'));
const close = (day: string, counts: readonly object[] = [], more: object = {}): Promise<Answer> =>
  shopkeeper('POST', at(day, 'closing'), { key: key(), counts, ...more });
const sell = (day: string | undefined, subject: string, sku: string, n: number): Promise<Answer> => {
  const named = day === undefined ? {} : { day };
  return shopkeeper('POST', '/v1/admin/redemptions', {
    key: key(),
    scheme: SCHEME,
    subject,
    items: [{ sku, n }],
    ...named,
  });
};
const enter = (day: string, lines: readonly object[], more: object = {}): Promise<Answer> =>
  shopkeeper('POST', at(day, 'paper-batches'), { key: key(), lines, ...more });
const show = async (day: string): Promise<Answer['body']> => (await shopkeeper('GET', at(day))).body;

/** Settled and open. */
async function openDay(more: object = {}): Promise<string> {
  const day = String((await plan(more)).body['day']);
  await settle(day);
  const { status, text } = await open(day);
  if (status !== 200) throw new Error(text);
  return day;
}

beforeAll(async () => {
  village = await runVillage(quarterly);
  shopkeeper = async (...asked) => (await village.county.asIn(VILLAGE, 'shopkeeper'))(...asked);
  const registrar = await village.county.as('registrar');
  const people = ['p-1', 'p-2', 'p-3', 'p-4', 'p-5', 'twin-1', 'twin-2'].map((handle) => person(handle));
  await recordSubjects(registrar, [...people, person('away', { place: ELSEWHERE }), household('h-1')]);
  await join(registrar, 'p-1', 'h-1', '2026-01-01');
  for (const who of ['p-1', 'p-2', 'p-3', 'p-4', 'twin-1'])
    await village.earn(done(`${who}-a`, who, 'help'), done(`${who}-b`, who, 'help'));
  await village.earn(done('p-1-c', 'p-1', 'honour'), done('p-5-c', 'p-5', 'honour'));
  for (const sku of ['soap', 'oil', 'towel']) await deliver(village.manager, SCHEME, sku, 50);
});
afterAll(() => village.close());

describe('a redemption day', () => {
  it('is planned once per key, by the place’s own staff, for a scheme that sells', async () => {
    const first = await plan({ key: 'same' });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ schemes: [SCHEME], invited: null });
    expect((await plan({ key: 'same' })).text).toBe(first.text);
    expect(outcome(await plan({ key: 'same', title: 'another' }))).toEqual([409, 'KEY_REUSED']);
    expect(outcome(await plan({ scheme: 'none' }))).toEqual([422, 'ENTRY_SCHEME_UNKNOWN']);
    expect(outcome(await plan({}, await village.county.asIn(ELSEWHERE, 'manager')))).toEqual([
      403,
      'PLACE_OUT_OF_SCOPE',
    ]);
    // The scheme began in 2026.
    expect(outcome(await plan({ day: '2025-12-31' }))).toEqual([422, 'DAY_WITHOUT_SHOP']);
    for (const wrong of [{ day: '2026-02-30' }, { title: 'two\nlines' }, { invited: {} }, { invited: { run: 'x' } }])
      expect(outcome(await plan(wrong))).toEqual([400, 'BODY_INVALID']);
    const both = { subjects: ['p-1'], run: randomUUID(), grading: 'leading' };
    expect(outcome(await plan({ invited: both }))).toEqual([400, 'BODY_INVALID']);
  });

  it('is shown to the place’s own staff only', async () => {
    const day = String((await plan()).body['day']);
    const auditor = await village.county.asIn(VILLAGE, 'auditor');
    const listed = (await auditor('GET', `/v1/admin/redemption-days?scheme=${SCHEME}`)).body['days'];
    expect(listed).toContainEqual(expect.objectContaining({ day, scheme: SCHEME, on: TODAY, state: 'planned' }));
    const elsewhere = await village.county.asIn(ELSEWHERE, 'manager');
    expect((await elsewhere('GET', '/v1/admin/redemption-days')).body).toEqual({ days: [] });
    for (const what of ['', 'pick-list', 'pick-list.csv'])
      expect(outcome(await elsewhere('GET', at(day, what)))).toEqual([404, 'NOT_FOUND']);
    const lines = [{ line: 1, subject: 'p-1', sku: 'soap', n: 1 }];
    for (const [what, body] of [
      ['settlement', undefined],
      ['opening', undefined],
      ['paper-batches', { key: 'elsewhere', lines }],
      ['closing', { key: 'elsewhere', counts: [] }],
    ] as const)
      expect(outcome(await elsewhere('POST', at(day, what), body))).toEqual([404, 'NOT_FOUND']);
    expect(outcome(await shopkeeper('GET', at(randomUUID())))).toEqual([404, 'NOT_FOUND']);
  });

  it('sells while it is open, and neither before nor after', async () => {
    const day = String((await plan()).body['day']);
    const closed = [409, 'REDEMPTION_CLOSED'];
    expect(outcome(await sell(undefined, 'p-2', 'soap', 1))).toEqual(closed);
    expect(outcome(await sell(day, 'p-2', 'soap', 1))).toEqual(closed);
    expect(outcome(await enter(day, [{ line: 1, subject: 'p-2', sku: 'soap', n: 1 }]))).toEqual(closed);
    expect(outcome(await close(day))).toEqual(closed);
    await settle(day);
    expect(outcome(await sell(day, 'p-2', 'soap', 1))).toEqual(closed);
    expect((await open(day)).body).toMatchObject({ day, state: 'open' });
    expect((await open(day)).body).toMatchObject({ day, state: 'open' });
    expect((await sell(day, 'p-2', 'soap', 1)).body).toMatchObject({ points: 3, balance: 17 });
    const counted = await close(day, [], { key: 'the-end' });
    expect(counted.body).toMatchObject({ people: 1, points: 3, items: 1, uninvited: [], absent: [] });
    expect((await close(day, [], { key: 'the-end' })).text).toBe(counted.text);
    expect(outcome(await close(day, [{ sku: 'soap', counted: 1 }], { key: 'the-end' }))).toEqual([409, 'KEY_REUSED']);
    for (const again of [sell(day, 'p-2', 'soap', 1), close(day), open(day)])
      expect(outcome(await again)).toEqual(closed);
    expect(await show(day)).toMatchObject({ state: 'closed', reconciliation: { people: 1 } });
    const { database } = village.county;
    for (const change of [
      "UPDATE redemption_day SET title = 'x' WHERE id = $1",
      'DELETE FROM redemption_day WHERE id = $1',
    ])
      await expect(database.query(change, [day])).rejects.toThrow('append-only');
  });
});

describe('the settlement before a day', () => {
  const shift = (points: number): Promise<unknown> =>
    village.county.database.query(
      "UPDATE wallet SET balance = balance + $1 WHERE subject_id = (SELECT id FROM subject WHERE handle = 'p-3')",
      [points],
    );

  it('finds nothing where every wallet is right, and else names whose is wrong and by how much; then nothing opens', async () => {
    const day = String((await plan()).body['day']);
    expect(outcome(await open(day))).toEqual([409, 'DAY_NOT_SETTLED']);
    await shift(1);
    expect((await settle(day)).body['differences']).toEqual([
      { scheme: SCHEME, subject: 'p-3', code: 'WALLET_NOT_POSTED', difference: 1 },
      { scheme: SCHEME, subject: 'p-3', code: 'WALLET_NOT_EARNED', difference: 1 },
    ]);
    expect(await show(day)).toMatchObject({ state: 'planned' });
    expect(outcome(await open(day))).toEqual([409, 'DAY_NOT_SETTLED']);
    await shift(-1);
    const { body } = await settle(day);
    const [sums] = await village.county.database.query<readonly object[]>(
      'SELECT sum(balance)::integer AS points FROM wallet',
    );
    expect(body).toMatchObject({ ...sums, differences: [] });
    expect(await show(day)).toMatchObject({ state: 'settled', settlement: body });
    // What was settled may be wrong by the time it is opened.
    await shift(1);
    expect(outcome(await open(day))).toEqual([409, 'DAY_NOT_SETTLED']);
    await shift(-1);
    expect(outcome(await open(day))).toEqual([200, undefined]);
  });

  it('waits, when the day opens, for what is being recorded, and counts it', async () => {
    const day = String((await plan()).body['day']);
    await settle(day);
    let opening: Promise<Answer> | undefined;
    await village.county.database.transaction(async (manager) => {
      await openRecording(manager, village.county.clock.now());
      opening = open(day);
      await waitingFor('pg_advisory_xact_lock');
      await manager.query(
        "UPDATE wallet SET balance = balance + 1 WHERE subject_id = (SELECT id FROM subject WHERE handle = 'p-3')",
      );
    });
    expect(outcome(await opening!)).toEqual([409, 'DAY_NOT_SETTLED']);
    await shift(-1);
  });
});

/** Until some statement waits for a lock. */
async function waitingFor(statement: string): Promise<void> {
  await waitFor(async () => {
    const rows = await village.county.database.query<unknown[]>(
      "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%' || $1 || '%'",
      [statement],
    );
    return rows.length > 0;
  });
}

describe('the list of those invited', () => {
  const assess = async (): Promise<string> => {
    const assessor = await village.county.as('assessor');
    const { body } = await assessor('POST', '/v1/admin/assessments', { scheme: SCHEME, period: '2026' });
    return String(body['run']);
  };

  it('is made of handles, and nobody else is sold anything', async () => {
    expect(outcome(await plan({ invited: { subjects: ['p-2', 'ghost'] } }))).toEqual([422, 'SUBJECT_UNKNOWN']);
    expect((await plan({ invited: { subjects: ['p-2', 'away'] } })).body).toMatchObject({
      fields: [{ path: '/invited/subjects/1' }],
    });
    const day = await openDay({ invited: { subjects: ['p-2', 'p-3'] } });
    expect(await show(day)).toMatchObject({ invited: 2, list: ['p-2', 'p-3'] });
    expect(outcome(await sell(day, 'p-4', 'towel', 1))).toEqual([403, 'NOT_INVITED']);
    expect((await sell(day, 'p-2', 'towel', 1)).status).toBe(200);
    // It has happened, so it is in the books; the reconciliation says so.
    expect((await enter(day, [{ line: 9, subject: 'p-4', sku: 'towel', n: 1 }])).status).toBe(200);
    expect((await close(day)).body).toMatchObject({ people: 2, uninvited: ['p-4'], absent: ['p-3'] });
  });

  it('is made of those to whom a released run gave all the grades named (F04)', async () => {
    const run = await assess();
    const asked = { run, grading: 'leading', also: [{ grading: 'outstanding', grade: 'yes' }] };
    const refused = await plan({ invited: asked });
    expect(refused.body).toMatchObject({ code: 'INVITATION_INVALID', fields: [{ path: '/invited/run' }] });
    // Somebody other than who made it.
    await (
      await village.county.as('desk')
    )('POST', `/v1/admin/assessments/${run}/release`);
    const listOf = async (invited: object): Promise<unknown> => {
      const { body } = await plan({ invited });
      return (await show(String(body['day'])))['list'];
    };
    expect(await listOf(asked)).toEqual(['p-1']);
    expect(await listOf({ run, grading: 'outstanding' })).toEqual(['p-1', 'p-5']);
    expect(await listOf({ run, grading: 'outstanding', grade: 'no' })).toEqual([]);
    expect(await listOf({ run, grading: 'leading' })).toEqual(['p-1', 'p-2', 'p-3', 'p-4', 'twin-1']);
    const unknown = await plan({ invited: { ...asked, also: [{ grading: 'leading' }, { grading: 'fame' }] } });
    expect(unknown.body).toMatchObject({ code: 'INVITATION_INVALID', fields: [{ path: '/invited/also/1/grading' }] });
  });

  it('knows the subject that one on it turned out to be', async () => {
    const day = await openDay({ invited: { subjects: ['twin-1', 'p-3'] } });
    const registrar = await village.county.as('registrar');
    const merge = { into: 'twin-2', reason: 'recorded twice' };
    expect((await registrar('POST', '/v1/admin/subjects/twin-1/merges', merge)).status).toBeLessThan(300);
    expect(await show(day)).toMatchObject({ list: ['p-3', 'twin-2'] });
    expect((await sell(day, 'twin-2', 'towel', 1)).status).toBe(200);
    expect((await close(day)).body).toMatchObject({ people: 1, uninvited: [], absent: ['p-3'] });
  });
});

describe('what was signed for on paper', () => {
  it('is entered once however often it comes, all of it or nothing', async () => {
    const day = await openDay();
    const first = { line: 1, subject: 'p-4', sku: 'soap', n: 2, collectedBy: 'p-1' };
    const second = { line: 1, subject: 'p-4', sku: 'towel', n: 1 };
    const entered = await enter(day, [first, second, first], { key: 'evening' });
    expect(entered.body['lines']).toEqual([
      { ...first, points: 6, shortage: 0 },
      { ...second, points: 1, shortage: 0 },
      { ...first, points: 6, shortage: 0 },
    ]);
    expect((await enter(day, [first, second, first], { key: 'evening' })).text).toBe(entered.text);
    expect((await enter(day, [second])).body['lines']).toEqual([{ ...second, points: 1, shortage: 0 }]);
    const before = (await village.ledger('p-4')).wallet;
    for (const [bad, code, path] of [
      [{ line: 2, subject: 'ghost', sku: 'soap', n: 1 }, 'SUBJECT_UNKNOWN', '/lines/1/subject'],
      [{ line: 2, subject: 'p-4', sku: 'gold', n: 1 }, 'ITEM_UNKNOWN', '/lines/1/sku'],
      [{ ...first, n: 3 }, 'KEY_REUSED', '/lines/1'],
      // One signature is one person's.
      [{ line: 1, subject: 'p-3', sku: 'oil', n: 1 }, 'KEY_REUSED', '/lines/1'],
    ] as const)
      expect((await enter(day, [{ line: 3, subject: 'p-4', sku: 'soap', n: 1 }, bad])).body).toMatchObject({
        code,
        fields: [{ path }],
      });
    expect((await village.ledger('p-4')).wallet).toEqual(before);
    const elsewhere = await village.county.asIn(ELSEWHERE, 'manager');
    const again = { key: 'evening', lines: [first, second, first] };
    expect(outcome(await elsewhere('POST', at(day, 'paper-batches'), again))).toEqual([404, 'NOT_FOUND']);
    await close(day);
    // An answer that was given stays; anything new comes too late.
    expect((await enter(day, [first, second, first], { key: 'evening' })).text).toBe(entered.text);
    expect(outcome(await enter(day, [second]))).toEqual([409, 'REDEMPTION_CLOSED']);
  });

  it('may be entered by two at once', async () => {
    const day = await openDay();
    const before = (await village.ledger('p-3')).wallet?.balance ?? 0;
    const lines = [{ line: 4, subject: 'p-3', sku: 'towel', n: 1 }];
    const both = await Promise.all([enter(day, lines), enter(day, lines)]);
    const booked = [{ ...lines[0], points: 1, shortage: 0 }];
    expect(both.map(({ body }) => body['lines'])).toEqual([booked, booked]);
    expect((await village.ledger('p-3')).wallet?.balance).toBe(before - 1);
    const differing = ['p-3', 'p-4'].map((subject) => enter(day, [{ line: 5, subject, sku: 'towel', n: 1 }]));
    expect(outcomes(await Promise.all(differing))).toEqual(['200', '409 KEY_REUSED']);
    await close(day);
  });

  it('goes beyond the balance into the shortage register, and is listed for the manager', async () => {
    const day = await openDay();
    const { body } = await enter(day, [
      { line: 1, subject: 'p-5', sku: 'soap', n: 1 },
      { line: 2, subject: 'p-5', sku: 'oil', n: 1 },
    ]);
    expect(body['lines']).toMatchObject([
      { points: 3, shortage: 0 },
      { points: 8, shortage: 5 },
    ]);
    expect((await village.ledger('p-5')).wallet).toEqual({ balance: 0, shortage: 5 });
    expect((await close(day)).body['shortages']).toEqual([{ scheme: SCHEME, subject: 'p-5', points: 5 }]);
    const { shortages } = (await village.manager('GET', `/v1/admin/shortages?scheme=${SCHEME}`)).body;
    expect(shortages).toContainEqual({ scheme: SCHEME, subject: 'p-5', place: VILLAGE, points: 5 });
  });
});

describe('closing a day', () => {
  const stockOf = (body: Answer['body'], sku: string): unknown =>
    (body['stock'] as readonly { readonly sku: string }[]).find((row) => row.sku === sku);

  it('holds the shelves against the register, and asks why where they differ', async () => {
    const day = await openDay();
    await sell(day, 'p-3', 'soap', 2);
    await deliver(village.manager, SCHEME, 'soap', 7);
    const shelf = await shelfOf('soap');
    const missing = { sku: 'soap', counted: shelf - 1 };
    expect((await close(day, [missing])).body).toMatchObject({
      code: 'VARIANCE_UNEXPLAINED',
      fields: [{ path: '/counts/0/reason' }],
    });
    expect((await close(day, [{ ...missing, reason: 'x' }, missing])).body).toMatchObject({
      code: 'BODY_INVALID',
      fields: [{ path: '/counts/1/sku' }],
    });
    expect((await close(day, [{ sku: 'gold', counted: 0 }])).body).toMatchObject({
      code: 'ITEM_UNKNOWN',
      fields: [{ path: '/counts/0/sku' }],
    });
    const { body } = await close(day, [{ ...missing, reason: 'one was torn' }]);
    const counted = { before: shelf + 2, handedOut: 2, after: shelf - 1, variance: -1 };
    expect(stockOf(body, 'soap')).toEqual({ scheme: SCHEME, sku: 'soap', ...counted });
    expect(stockOf(body, 'oil')).toMatchObject({ handedOut: 0, after: null, variance: null });
    expect(await shelfOf('soap')).toBe(shelf - 1);
  });

  it('knows what came back', async () => {
    const day = await openDay({ invited: { subjects: ['p-2', 'p-3'] } });
    const shelf = await shelfOf('towel');
    const [all, part] = [await sell(day, 'p-2', 'towel', 2), await sell(day, 'p-3', 'towel', 3)];
    const giveBack = (sale: Answer, n: number): Promise<Answer> =>
      shopkeeper('POST', `/v1/admin/redemptions/${String(sale.body['redemption'])}/returns`, {
        key: key(),
        items: [{ sku: 'towel', n }],
        reason: '颜色不对',
      });
    expect([(await giveBack(all, 2)).status, (await giveBack(part, 1)).status]).toEqual([200, 200]);
    const { body } = await close(day, [{ sku: 'towel', counted: shelf - 2 }]);
    expect(body).toMatchObject({ people: 1, points: 2, items: 2, uninvited: [], absent: ['p-2'] });
    expect(stockOf(body, 'towel')).toMatchObject({ before: shelf, handedOut: 2, after: shelf - 2, variance: 0 });
    const last = async (path: string): Promise<string | undefined> =>
      (await shopkeeper('GET', path)).text.trimEnd().split('\r\n').at(-1);
    const span = `from=${TODAY}&to=${TODAY}`;
    const by = `shopkeeper-${VILLAGE}`;
    expect(await last(`/v1/admin/schemes/${SCHEME}/redemption-register.csv?${span}`)).toBe(
      `${TODAY},王*明,p-3,商品 towel,-1,-1,,,${by}`,
    );
    const { wallet } = await village.ledger('p-3');
    expect(await last('/v1/admin/subjects/p-3/booklet.csv')).toBe(
      `${TODAY},退回：商品 towel×1：颜色不对,1,,${wallet?.balance},${by}`,
    );
  });

  it('finds what the books could not take from an empty shelf', async () => {
    const day = await openDay();
    await deliver(village.manager, SCHEME, 'pan', 2);
    await enter(day, [{ line: 1, subject: 'p-3', sku: 'pan', n: 3 }]);
    expect(await shelfOf('pan')).toBe(0);
    expect((await close(day, [{ sku: 'pan', counted: 0 }])).body['code']).toBe('VARIANCE_UNEXPLAINED');
    const { body } = await close(day, [{ sku: 'pan', counted: 0, reason: 'one more had been delivered' }]);
    expect(stockOf(body, 'pan')).toMatchObject({ before: 2, handedOut: 3, after: 0, variance: 1 });
  });

  it('waits for a sale that is under way, and counts it', async () => {
    const day = await openDay();
    const { app, database } = village.county;
    const staff: Staff = {
      id: randomUUID(),
      username: 'shop',
      displayName: 'shop',
      organisation: 'village',
      subject: null,
      grants: [{ role: 'shopkeeper', place: null }],
    };
    const scope = await app.get(RedemptionDays, { strict: false }).scopeOf(staff);
    let closing: Promise<Answer> | undefined;
    await database.transaction(async (manager) => {
      const order = { key: key(), scheme: SCHEME, subject: 'p-3', items: [{ sku: 'towel', n: 1 }], day };
      await app.get(Redemptions, { strict: false }).redeem(manager, order, scope);
      closing = close(day);
      await waitingFor('FROM redemption_day');
    });
    expect((await closing!).body).toMatchObject({ people: 1, points: 1, items: 1 });
  });

  const shelfOf = async (sku: string): Promise<number> => {
    const { body } = await shopkeeper('GET', `/v1/admin/schemes/${SCHEME}/shop`);
    const items = body['items'] as readonly { readonly sku: string; readonly stock: number }[];
    return items.find((item) => item.sku === sku)?.stock ?? 0;
  };
});

// Last: what it books is recorded a day ahead of the clock.
describe('the date of a day', () => {
  const DAY_SECONDS = 86_400;
  afterEach(() => village.county.clock.advance(-DAY_SECONDS));

  it('is waited for: before it nothing opens', async () => {
    const day = String((await plan({ day: '2026-09-17' })).body['day']);
    await settle(day);
    expect(outcome(await open(day))).toEqual([409, 'DAY_NOT_TODAY']);
    village.county.clock.advance(DAY_SECONDS);
    expect(outcome(await open(day))).toEqual([200, undefined]);
    expect((await sell(day, 'p-2', 'towel', 1)).status).toBe(200);
  });

  it('is the only one on which the counter sells; what was signed for on it is booked by it later too', async () => {
    const [day, late] = [await openDay(), String((await plan()).body['day'])];
    await settle(late);
    village.county.clock.advance(DAY_SECONDS);
    expect(outcome(await sell(day, 'p-2', 'towel', 1))).toEqual([409, 'DAY_NOT_TODAY']);
    // No network all day: nobody could open it before.
    expect(outcome(await open(late))).toEqual([200, undefined]);
    expect(outcome(await sell(late, 'p-2', 'towel', 1))).toEqual([409, 'DAY_NOT_TODAY']);
    expect((await enter(late, [{ line: 1, subject: 'p-2', sku: 'towel', n: 1 }])).status).toBe(200);
    const rows = await village.county.database.query<readonly object[]>(
      'SELECT on_day::text AS on FROM redemption WHERE day_id = $1',
      [late],
    );
    expect(rows).toEqual([{ on: TODAY }]);
  });
});
