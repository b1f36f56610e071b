import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { settle } from '#libs/ledger';
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
import { VillageShop } from '../../../../test/county/village-shop.js';
import { LedgerSchemes } from '../ledger/ledger-schemes.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import { walletLines } from '../wallets/wallet-lines.js';

let village: RunningVillage;
let shopkeeper: Ask;
let shop: VillageShop;
beforeAll(async () => {
  village = await runVillage(shopScheme);
  shopkeeper = async (...asked) => (await village.county.asIn(VILLAGE, 'shopkeeper'))(...asked);
  shop = new VillageShop(shopkeeper);
  const registrar = await village.county.as('registrar');
  const people = ['a-1', 'a-2', 'a-3', 'a-4', 'a-5', 'a-6'].map((handle) => person(handle));
  await recordSubjects(registrar, [...people, household('h-1')]);
  await join(registrar, 'a-1', 'h-1', '2026-01-01');
  await join(registrar, 'a-2', 'h-1', '2026-01-01');
  for (const who of ['a-1', 'a-3', 'a-4', 'a-5']) await points(who, 3);
  for (const sku of ['soap', 'oil', 'towel', 'pan']) await deliver(shopkeeper, SCHEME, sku, 20);
});
afterAll(() => village.close());

/** Ten each. */
const points = (who: string, times: number): Promise<Answer> =>
  village.earn(...Array.from({ length: times }, (_, n) => done(`${who}-${n}-${times}`, who, 'help')));

/** The settlement before a redemption day, over everybody. */
async function differences(): Promise<readonly object[]> {
  const schemes = new LedgerSchemes(await village.county.app.get(CountySchemes, { strict: false }).book());
  const lines = await walletLines(village.county.database.manager, SCHEME, (entry) => schemes.ruleOf(entry));
  return settle(lines).differences;
}

describe('a sale', () => {
  it('moves wallet, shelf and register together, once per key, and keeps the terms it was made by', async () => {
    const sale = await shop.buy('a-1', { soap: 2, towel: 1 }, { key: 'first' });
    expect(sale.body).toMatchObject({
      points: 7,
      balance: 23,
      items: [
        { sku: 'soap', n: 2, points: 6 },
        { sku: 'towel', n: 1, points: 1 },
      ],
    });
    const ledger = await shopkeeper('GET', `/v1/admin/subjects/a-1/ledger?scheme=${SCHEME}`);
    expect(ledger.body).toMatchObject({ wallet: { balance: 23, shortage: 0 } });
    expect((await shop.buy('a-1', { soap: 2, towel: 1 }, { key: 'first' })).text).toBe(sale.text);
    expect(outcome(await shop.buy('a-1', { soap: 2, towel: 2 }, { key: 'first' }))).toEqual([409, 'KEY_REUSED']);
    expect([await shop.stockOf('soap'), await shop.stockOf('towel'), await shop.stockOf('massage')]).toEqual([
      18,
      19,
      null,
    ]);
    expect((await village.ledger('a-1')).postings.at(-1)).toMatchObject({ points: -7, key: sale.body['redemption'] });
    const rows = await village.county.database.query<unknown[]>(
      `SELECT redemption.scheme_version, scheme_digest = digest AS "isKept", price_points, n FROM redemption
      JOIN redemption_line ON redemption_id = redemption.id JOIN scheme_version USING (scheme_id) ORDER BY place`,
    );
    expect(rows).toEqual([
      { scheme_version: 1, isKept: true, price_points: 3, n: 2 },
      { scheme_version: 1, isKept: true, price_points: 1, n: 1 },
    ]);
  });

  it('is refused whole with the code of what is in the way', async () => {
    expect(outcome(await shop.buy('a-3', { soap: 11 }))).toEqual([409, 'WALLET_INSUFFICIENT']);
    expect(outcome(await shop.buy('a-3', { towel: 1, soap: 10 }))).toEqual([409, 'WALLET_INSUFFICIENT']);
    expect(outcome(await shop.buy('a-3', { towel: 20 }))).toEqual([409, 'STOCK_INSUFFICIENT']);
    expect(outcome(await shop.buy('a-3', { gold: 1 }))).toEqual([422, 'ITEM_UNKNOWN']);
    expect(outcome(await shop.buy('nobody', { soap: 1 }))).toEqual([422, 'SUBJECT_UNKNOWN']);
    expect(outcome(await shop.buy('a-6', { soap: 1 }))).toEqual([409, 'WALLET_INSUFFICIENT']);
    expect(outcome(await shop.buy('a-3', { soap: 1 }, { scheme: 'other' }))).toEqual([422, 'ENTRY_SCHEME_UNKNOWN']);
    expect(outcome(await shop.buy('a-3', { soap: 1 }, { day: crypto.randomUUID() }))).toEqual([
      409,
      'REDEMPTION_CLOSED',
    ]);
    expect(outcome(await shop.buy('a-3', { soap: 0 }))).toEqual([400, 'BODY_INVALID']);
    const elsewhere = await village.county.asIn(ELSEWHERE, 'shopkeeper');
    expect(outcome(await shop.buy('a-3', { soap: 1 }, {}, elsewhere))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    expect(outcome(await shop.buy('a-3', { soap: 1 }, {}, village.collector))).toEqual([403, 'STAFF_ROLE_MISSING']);
    expect((await village.ledger('a-3')).wallet).toEqual({ balance: 30, shortage: 0 });
    expect([await shop.stockOf('soap'), await shop.stockOf('towel')]).toEqual([18, 19]);
    expect((await shop.buy('a-3', { soap: 10 }, {}, village.manager)).status).toBe(200);
  });

  it('keeps to the limit of an item: one more is refused, the next span begins anew', async () => {
    expect(outcome(await shop.buy('a-4', { oil: 2 }))).toEqual([409, 'LIMIT_EXCEEDED']);
    expect(outcomes([await shop.buy('a-4', { oil: 1 }), await shop.buy('a-4', { oil: 1 })])).toEqual([
      '200',
      '409 LIMIT_EXCEEDED',
    ]);
    expect((await shop.buy('a-5', { oil: 1 })).status).toBe(200);
    const at = village.county.clock.now();
    // 2026-10-01 in Shanghai, an hour after midnight: still September in Greenwich.
    village.county.clock.set(Date.parse('2026-10-01T01:00:00+08:00') / 1000);
    expect((await shop.buy('a-4', { oil: 1 })).status).toBe(200);
    village.county.clock.set(at);
  });

  it('is collected by another of the household on the day, and by nobody else', async () => {
    expect((await shop.buy('a-1', { soap: 1 }, { collectedBy: 'a-2' })).status).toBe(200);
    expect(outcome(await shop.buy('a-1', { soap: 1 }, { collectedBy: 'a-3' }))).toEqual([403, 'PROXY_NOT_ALLOWED']);
    expect(outcome(await shop.buy('a-1', { soap: 1 }, { collectedBy: 'ghost' }))).toEqual([422, 'SUBJECT_UNKNOWN']);
    expect((await shop.buy('a-1', { soap: 1 }, { collectedBy: 'a-1' })).status).toBe(200);
    expect(await differences()).toEqual([]);
  });
});

describe('whoever has left', () => {
  it('buys nothing any more', async () => {
    const end = { cause: 'left', on: '2026-09-16' };
    await (
      await village.county.as('registrar')
    )('POST', '/v1/admin/subjects/a-5/endings', end);
    expect(outcome(await shop.buy('a-5', { soap: 1 }))).toEqual([409, 'SUBJECT_ENDED']);
  });
});

describe('shelf and register', () => {
  it('are append-only', async () => {
    for (const table of ['stock_movement', 'redemption', 'redemption_line', 'kept_request'])
      await expect(village.county.database.query(`DELETE FROM ${table}`)).rejects.toMatchObject({ code: '23001' });
    await expect(village.county.database.query('UPDATE redemption SET points = 1')).rejects.toMatchObject({
      code: '23001',
    });
  });
});

describe('a service', () => {
  it('has no shelf: each piece is a code, told again to whoever asks again, and not kept', async () => {
    await points('a-6', 2);
    const sale = await shop.buy('a-6', { massage: 2 }, { key: 'massage' });
    const codes = sale.body['codes'] as readonly { readonly sku: string; readonly code: string }[];
    expect(codes.map(({ sku }) => sku)).toEqual(['massage', 'massage']);
    for (const { code } of codes) expect(code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
    expect(new Set(codes.map(({ code }) => code)).size).toBe(2);
    expect((await shop.buy('a-6', { massage: 2 }, { key: 'massage' })).text).toBe(sale.text);
    const [kept] = await village.county.database.query<readonly { readonly rows: string }[]>(
      `SELECT (SELECT jsonb_agg(card_code) FROM card_code)::text || (SELECT string_agg(answer::text, '') FROM kept_request) AS rows`,
    );
    for (const { code } of codes) expect(kept?.rows).not.toMatch(new RegExp(`${code}|${code.replaceAll('-', '')}`));
    expect(outcome(await shop.buy('a-6', { massage: 2 }))).toEqual([409, 'LIMIT_EXCEEDED']);
  });
});
