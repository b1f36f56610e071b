import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../../../../test/county/running-county.js';
import { ELSEWHERE, outcome, outcomes, VILLAGE } from '../../../../test/county/sample-subjects.js';
import { whileMerging } from '../../../../test/county/while-merging.js';
import { VillageDays } from '../../../../test/county/village-days.js';
import { SCHEME } from '../../../../test/county/village-scheme.js';

let days: VillageDays;
beforeAll(async () => {
  days = await VillageDays.run();
});
afterAll(() => days.village.close());

describe('what was signed for on paper', () => {
  it('is entered once however often it comes, all of it or nothing', async () => {
    const day = await days.opened();
    const first = { line: 1, subject: 'p-4', sku: 'soap', n: 2, collectedBy: 'p-1' };
    const second = { line: 1, subject: 'p-4', sku: 'towel', n: 1 };
    const entered = await days.enter(day, [first, second, first], { key: 'evening' });
    const redemption = expect.any(String);
    expect(entered.body['lines']).toEqual([
      { ...first, redemption, points: 6, shortage: 0 },
      { ...second, redemption, points: 1, shortage: 0 },
      { ...first, redemption, points: 6, shortage: 0 },
    ]);
    expect((await days.enter(day, [first, second, first], { key: 'evening' })).text).toBe(entered.text);
    expect((await days.enter(day, [second])).body['lines']).toEqual([
      { ...second, redemption, points: 1, shortage: 0 },
    ]);
    const before = (await days.village.ledger('p-4')).wallet;
    for (const [bad, code, path] of [
      [{ line: 2, subject: 'ghost', sku: 'soap', n: 1 }, 'SUBJECT_UNKNOWN', '/lines/1/subject'],
      [{ line: 2, subject: 'p-4', sku: 'gold', n: 1 }, 'ITEM_UNKNOWN', '/lines/1/sku'],
      [{ ...first, n: 3 }, 'KEY_REUSED', '/lines/1'],
      // One signature is one person's.
      [{ line: 1, subject: 'p-3', sku: 'oil', n: 1 }, 'KEY_REUSED', '/lines/1'],
    ] as const)
      expect((await days.enter(day, [{ line: 3, subject: 'p-4', sku: 'soap', n: 1 }, bad])).body).toMatchObject({
        code,
        fields: [{ path }],
      });
    expect((await days.village.ledger('p-4')).wallet).toEqual(before);
    const elsewhere = await days.village.county.asIn(ELSEWHERE, 'manager');
    const again = { key: 'evening', lines: [first, second, first] };
    expect(outcome(await elsewhere('POST', days.at(day, 'paper-batches'), again))).toEqual([404, 'NOT_FOUND']);
    await days.close(day);
    // An answer that was given stays; anything new comes too late.
    expect((await days.enter(day, [first, second, first], { key: 'evening' })).text).toBe(entered.text);
    expect(outcome(await days.enter(day, [second]))).toEqual([409, 'REDEMPTION_CLOSED']);
  });

  it('may be entered by two at once', async () => {
    const day = await days.opened();
    const before = (await days.village.ledger('p-3')).wallet?.balance ?? 0;
    const lines = [{ line: 4, subject: 'p-3', sku: 'towel', n: 1 }];
    const both = await Promise.all([days.enter(day, lines), days.enter(day, lines)]);
    const booked = [{ ...lines[0], redemption: expect.any(String), points: 1, shortage: 0 }];
    expect(both.map(({ body }) => body['lines'])).toEqual([booked, booked]);
    expect((await days.village.ledger('p-3')).wallet?.balance).toBe(before - 1);
    const differing = ['p-3', 'p-4'].map((subject) => days.enter(day, [{ line: 5, subject, sku: 'towel', n: 1 }]));
    expect(outcomes(await Promise.all(differing))).toEqual(['200', '409 KEY_REUSED']);
    await days.close(day);
  });

  it('by whoever is being absorbed is entered when that is done, for the one who is left', async () => {
    const { village } = days;
    const day = await days.opened();
    const entering = (): Promise<Answer> =>
      days.enter(day, [{ line: 6, subject: 'twin-1', sku: 'soap', n: 3 }], { key: 'twins' });
    const [merged, entered] = await whileMerging(village.county, ['twin-1', 'twin-2'], entering);
    expect([merged.status, outcome(entered)]).toEqual([204, [409, 'CONFLICT']]);
    expect((await entering()).status).toBe(200);
    expect((await village.ledger('twin-2')).wallet).toEqual({ balance: 11, shortage: 0 });
  });

  it('goes beyond the balance into the shortage register, and is listed for the manager', async () => {
    const day = await days.opened();
    const { body } = await days.enter(day, [
      { line: 1, subject: 'p-5', sku: 'soap', n: 1 },
      { line: 2, subject: 'p-5', sku: 'oil', n: 1 },
    ]);
    expect(body['lines']).toMatchObject([
      { points: 3, shortage: 0 },
      { points: 8, shortage: 5 },
    ]);
    expect((await days.village.ledger('p-5')).wallet).toEqual({ balance: 0, shortage: 5 });
    expect((await days.close(day)).body['shortages']).toEqual([{ scheme: SCHEME, subject: 'p-5', points: 5 }]);
    const { shortages } = (await days.village.manager('GET', `/v1/admin/shortages?scheme=${SCHEME}`)).body;
    expect(shortages).toContainEqual({ scheme: SCHEME, subject: 'p-5', place: VILLAGE, points: 5 });
  });

  it('is a card for what is no goods: who signed for it gets its code that evening, and gets it honoured', async () => {
    const day = await days.opened();
    const lines = [
      { line: 1, subject: 'p-2', sku: 'massage', n: 2 },
      { line: 2, subject: 'p-4', sku: 'massage', n: 1, collectedBy: 'p-1' },
      { line: 3, subject: 'p-2', sku: 'towel', n: 1 },
    ];
    const entered = await days.enter(day, lines, { key: 'cards' });
    const booked = entered.body['lines'] as readonly {
      readonly redemption: string;
      readonly codes?: readonly { readonly sku: string; readonly code: string }[];
    }[];
    const codes = booked.map((line) => (line.codes ?? []).map(({ code }) => code));
    expect(codes.map(({ length }) => length)).toEqual([2, 1, 0]);
    expect(new Set(codes.flat()).size).toBe(3);
    // Told again to whoever lost the answer, also after the day; kept nowhere.
    const kept = await days.village.county.database.query<readonly { readonly all: string }[]>(
      "SELECT coalesce(string_agg(answer::text, ''), '') AS all FROM kept_request WHERE key = 'cards'",
    );
    for (const code of codes.flat()) expect(kept[0]?.all).not.toContain(code);
    expect((await days.enter(day, lines, { key: 'cards' })).text).toBe(entered.text);
    const provider = await days.village.county.as('provider');
    const use = (code: string | undefined): Promise<Answer> =>
      provider('POST', '/v1/admin/card-codes/uses', { key: days.fresh(), code });
    expect((await use(codes[1]?.[0])).body).toMatchObject({ sku: 'massage', scheme: SCHEME });
    expect(outcome(await use(codes[1]?.[0]))).toEqual([409, 'CODE_USED']);
    const back = { key: days.fresh(), items: [{ sku: 'massage', n: 2 }], reason: 'not wanted' };
    const returned = await days.shopkeeper('POST', `/v1/admin/redemptions/${booked[0]?.redemption}/returns`, back);
    expect(returned.body).toMatchObject({ points: 8 });
    expect((await days.enter(day, lines.slice(0, 1))).body['lines']).toEqual([
      { ...lines[0], redemption: booked[0]?.redemption, points: 8, shortage: 0 },
    ]);
  });
});
