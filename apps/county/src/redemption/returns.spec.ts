import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, Ask } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import {
  ELSEWHERE,
  outcome,
  outcomes,
  person,
  recordSubjects,
  SUBDISTRICT,
} from '../../../../test/county/sample-subjects.js';
import { deliver, shopScheme } from '../../../../test/county/shop-schemes.js';
import { SCHEME } from '../../../../test/county/village-scheme.js';
import { VillageShop } from '../../../../test/county/village-shop.js';

let village: RunningVillage;
let clinic: Ask;
let shop: VillageShop;
beforeAll(async () => {
  village = await runVillage(shopScheme);
  shop = new VillageShop(village.manager);
  clinic = async (...asked) => (await village.county.asIn(SUBDISTRICT, 'provider'))(...asked);
  const people = ['b-1', 'b-2', 'b-3', 'b-4'];
  await recordSubjects(
    await village.county.as('registrar'),
    people.map((handle) => person(handle)),
  );
  for (const who of people) await village.earn(done(`${who}-1`, who, 'help'), done(`${who}-2`, who, 'help'));
  for (const sku of ['soap', 'oil', 'towel', 'pan']) await deliver(village.manager, SCHEME, sku, 20);
});
afterAll(() => village.close());

const codesOf = ({ body }: Answer): readonly string[] =>
  (body['codes'] as readonly { readonly code: string }[]).map(({ code }) => code);
const use = (code: string, key: string, as: Ask = clinic): Promise<Answer> =>
  as('POST', '/v1/admin/card-codes/uses', { key, code });

describe('what comes back', () => {
  it('is credited at the price that was paid and stands on the shelf again, once per key and no more than was taken', async () => {
    const sale = await shop.buy('b-1', { soap: 3, oil: 1 });
    const first = await shop.giveBack(sale, { soap: 2 }, { key: 'back' });
    expect(first.body).toMatchObject({ points: 6, balance: 9, shortage: 0 });
    expect((await shop.giveBack(sale, { soap: 2 }, { key: 'back' })).text).toBe(first.text);
    expect(outcome(await shop.giveBack(sale, { soap: 1 }, { key: 'back' }))).toEqual([409, 'KEY_REUSED']);
    expect(outcome(await shop.giveBack(sale, { soap: 2 }))).toEqual([409, 'RETURN_TOO_MANY']);
    expect(outcome(await shop.giveBack(sale, { pan: 1 }))).toEqual([409, 'RETURN_TOO_MANY']);
    expect(
      outcome(await shop.giveBack(sale, { soap: 1 }, {}, await village.county.asIn(ELSEWHERE, 'manager'))),
    ).toEqual([404, 'NOT_FOUND']);
    expect(await shop.stockOf('soap')).toBe(19);
    // The oil of the month has come back, so there may be another.
    expect(outcome(await shop.buy('b-1', { oil: 1 }))).toEqual([409, 'LIMIT_EXCEEDED']);
    expect(await shop.giveBack(sale, { oil: 1 })).toMatchObject({ body: { points: 8, balance: 17 } });
    expect((await shop.buy('b-1', { oil: 1 })).status).toBe(200);
    expect((await village.ledger('b-1')).postings).toContainEqual(
      expect.objectContaining({ points: 6, cause: 'return', key: first.body['return'], reason: 'broken' }),
    );
  });

  it('comes back once, however many bring it at once', async () => {
    const sale = await shop.buy('b-2', { soap: 2 });
    const before = await shop.stockOf('soap');
    const tries = await Promise.all(Array.from({ length: 8 }, () => shop.giveBack(sale, { soap: 1 })));
    expect(outcomes(tries).filter((each) => each === '200')).toHaveLength(2);
    expect(new Set(outcomes(tries))).toEqual(new Set(['200', '409 RETURN_TOO_MANY']));
    expect(await shop.stockOf('soap')).toBe(Number(before) + 2);
    expect((await village.ledger('b-2')).wallet).toEqual({ balance: 20, shortage: 0 });
  });

  it('goes to whom the subject turned out to be', async () => {
    const sale = await shop.buy('b-3', { oil: 1 });
    const registrar = await village.county.as('registrar');
    await registrar('POST', '/v1/admin/subjects/b-3/merges', { into: 'b-4', reason: 'one person' });
    expect(outcome(await shop.buy('b-4', { oil: 1 }))).toEqual([409, 'LIMIT_EXCEEDED']);
    expect(await shop.giveBack(sale, { oil: 1 })).toMatchObject({ status: 200, body: { points: 8, balance: 40 } });
    expect((await village.ledger('b-4')).wallet).toEqual({ balance: 40, shortage: 0 });
  });
});

describe('a card with a one-time code (F03)', () => {
  it('is used once by a provider of the place, whoever asks again under the same key', async () => {
    const codes = codesOf(await shop.buy('b-1', { massage: 1 }));
    const code = (codes[0] ?? '').toLowerCase().replaceAll('-', ' ');
    const elsewhere = await village.county.asIn(ELSEWHERE, 'provider');
    expect(outcome(await use(code, 'use-0', elsewhere))).toEqual([404, 'NOT_FOUND']);
    expect(outcome(await use('0000-0000-0000-0000', 'use-0'))).toEqual([404, 'NOT_FOUND']);
    expect(outcome(await use(code, 'use-0', village.manager))).toEqual([403, 'STAFF_ROLE_MISSING']);
    const tries = await Promise.all(Array.from({ length: 6 }, (_, n) => use(code, `use-${n}`)));
    expect(outcomes(tries)).toEqual(['200', ...Array.from({ length: 5 }, () => '409 CODE_USED')]);
    const used = tries.find(({ status }) => status === 200);
    expect(used?.body).toEqual({
      sku: 'massage',
      label: '商品 massage',
      scheme: SCHEME,
      usedAt: village.county.clock.now(),
    });
    const again = await use(code, `use-${tries.findIndex((each) => each === used)}`);
    expect(again.text).toBe(used?.text);
  });

  it('comes back unless it was used, and is void then', async () => {
    const sale = await shop.buy('b-4', { massage: 3 });
    const [one = '', two = '', three = ''] = codesOf(sale);
    expect((await use(one, 'used-1')).status).toBe(200);
    expect(outcome(await shop.giveBack(sale, { massage: 3 }))).toEqual([409, 'CODE_USED']);
    expect(outcome(await shop.giveBack(sale, { massage: 1 }))).toEqual([400, 'BODY_INVALID']);
    const naming = (n: number, ...codes: readonly string[]): Promise<Answer> =>
      shop.giveBack(sale, {}, { items: [{ sku: 'massage', n, codes }] });
    expect(outcome(await naming(1, one))).toEqual([409, 'CODE_USED']);
    expect(outcome(await naming(1, two, three))).toEqual([400, 'BODY_INVALID']);
    expect(await naming(1, two)).toMatchObject({ status: 200, body: { points: 4 } });
    expect(outcome(await use(two, 'used-2'))).toEqual([404, 'NOT_FOUND']);
    // The last one open needs no naming.
    expect((await shop.giveBack(sale, { massage: 1 })).status).toBe(200);
    expect(outcome(await use(three, 'used-3'))).toEqual([404, 'NOT_FOUND']);
    expect(outcome(await shop.giveBack(sale, { massage: 1 }))).toEqual([409, 'CODE_USED']);
  });
});
