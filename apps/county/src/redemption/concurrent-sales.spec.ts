import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { settle } from '#libs/ledger';
import type { AnotherProcess, Answer, Ask } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import { person, recordSubjects } from '../../../../test/county/sample-subjects.js';
import { deliver, shopScheme } from '../../../../test/county/shop-schemes.js';
import { SCHEME } from '../../../../test/county/village-scheme.js';
import { LedgerSchemes } from '../ledger/ledger-schemes.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import { walletLines } from '../wallets/wallet-lines.js';

const REQUESTS = 1_000;
const IN_FLIGHT = 64;
const PEOPLE = 40;
/** Worth less than what people have, and most people have points for a few pieces only: both run out. */
const SHELF = { soap: 37, towel: 90 } as const;
const PRICE = { soap: 3, towel: 1 } as const;

type Sku = keyof typeof SHELF;

interface Asked {
  readonly key: string;
  readonly subject: string;
  readonly items: readonly { readonly sku: Sku; readonly n: number }[];
}

interface Told extends Asked {
  readonly answer: Answer;
}

interface Row {
  readonly id: string;
  readonly key: string;
  readonly subject: string;
  readonly points: string;
  readonly items: Asked['items'];
}

/** From 1 to 12. */
const earnedBy = (n: number): number => (n % 12) + 1;
const who = (n: number): string => `c-${n}`;
const priceOf = ({ items }: Asked): number => items.reduce((sum, { sku, n }) => sum + PRICE[sku] * n, 0);

let village: RunningVillage;
let processes: readonly AnotherProcess[] = [];
beforeAll(async () => {
  village = await runVillage(shopScheme);
  // Apart from whoever asks, and from each other: what they share is the database.
  processes = await Promise.all([village.county.apart(), village.county.apart()]);
  const people = Array.from({ length: PEOPLE }, (_, n) => n);
  await recordSubjects(
    await village.county.as('registrar'),
    people.map((n) => person(who(n))),
  );
  await village.earn(...people.map((n) => done(`e-${n}`, who(n), 'choice', { quantity: earnedBy(n) })));
  for (const sku of ['soap', 'towel'] as const) await deliver(village.manager, SCHEME, sku, SHELF[sku]);
}, 120_000);
afterAll(async () => {
  await Promise.all(processes.map((each) => each.close()));
  await village.close();
});

/** Always the same orders; one in eight repeats an earlier one under its key. */
function orders(): readonly Asked[] {
  let state = 20_260_916;
  const below = (n: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * n);
  };
  const baskets: readonly Asked['items'][] = [
    [{ sku: 'soap', n: 1 }],
    [{ sku: 'towel', n: 1 }],
    [{ sku: 'towel', n: 2 }],
    // Not in the order of the shelf's locks.
    [
      { sku: 'towel', n: 1 },
      { sku: 'soap', n: 1 },
    ],
    [
      { sku: 'soap', n: 2 },
      { sku: 'towel', n: 1 },
    ],
  ];
  const made: Asked[] = [];
  for (let n = 0; n < REQUESTS; n += 1) {
    const again = n > 100 && below(8) === 0 ? made[n - 1 - below(60)] : undefined;
    made.push(again ?? { key: `order-${n}`, subject: who(below(PEOPLE)), items: baskets[below(baskets.length)] ?? [] });
  }
  return made;
}

async function askAll(asked: readonly Asked[], shopkeepers: readonly Ask[]): Promise<readonly Told[]> {
  const told: Told[] = [];
  const queue = asked.entries();
  const worker = async (): Promise<void> => {
    for (const [at, order] of queue) {
      const ask = shopkeepers[at % shopkeepers.length];
      if (ask === undefined) continue;
      const answer = await ask('POST', '/v1/admin/redemptions', { ...order, scheme: SCHEME });
      told.push({ ...order, answer });
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return told;
}

async function register(): Promise<readonly Row[]> {
  return village.county.database.query(
    `SELECT redemption.id, key, handle AS subject, points, jsonb_agg(jsonb_build_object('sku', sku, 'n', n) ORDER BY redemption_line.place) AS items
    FROM redemption JOIN redemption_line ON redemption_id = redemption.id JOIN subject ON subject.id = subject_id
    GROUP BY redemption.id, handle ORDER BY number`,
  );
}

async function shelf(): Promise<ReadonlyMap<string, { readonly pieces: number; readonly moved: number }>> {
  const rows = await village.county.database.query<readonly { sku: string; pieces: number; moved: number }[]>(
    `SELECT sku, stock.pieces, sum(stock_movement.pieces)::integer AS moved FROM stock JOIN stock_movement USING (scheme_id, sku)
    GROUP BY sku, stock.pieces`,
  );
  return new Map(rows.map(({ sku, ...state }) => [sku, state]));
}

async function balances(): Promise<ReadonlyMap<string, number>> {
  const rows = await village.county.database.query<readonly { subject: string; balance: string }[]>(
    'SELECT handle AS subject, balance FROM wallet JOIN subject ON subject.id = subject_id',
  );
  return new Map(rows.map(({ subject, balance }) => [subject, Number(balance)]));
}

describe('1,000 requests, 64 in flight, through two county processes, for the last items and the last points', () => {
  it('sell nothing twice, leave nothing below zero, and are all told the truth', async () => {
    expect(new Set([process.pid, ...processes.map(({ pid }) => pid)]).size).toBe(3);
    const shopkeepers = await Promise.all(processes.map((each) => each.as('shopkeeper')));
    const told = await askAll(orders(), shopkeepers);
    const sold = told.filter(({ answer }) => answer.status === 200);
    const codeOf = ({ answer: { status, body } }: Told): string => (status === 200 ? 'sold' : String(body['code']));
    expect(new Set(told.map(codeOf))).toEqual(new Set(['sold', 'STOCK_INSUFFICIENT', 'WALLET_INSUFFICIENT']));

    // One row for each key that was told so, with what was asked for and told.
    const rows = await register();
    expect(rows.map(({ key }) => key).toSorted()).toEqual([...new Set(sold.map(({ key }) => key))].toSorted());
    const left = new Map(Array.from({ length: PEOPLE }, (_, n) => [who(n), earnedBy(n)]));
    for (const { id, key, subject, points, items } of rows) {
      const [first, ...repeats] = told.filter((each) => each.key === key);
      left.set(subject, (left.get(subject) ?? 0) - Number(points));
      expect(first).toMatchObject({ subject, items });
      expect(first?.answer.body).toMatchObject({ redemption: id, points: Number(points), balance: left.get(subject) });
      for (const { answer } of repeats) expect(answer.text).toBe(first?.answer.text);
    }

    // Wallets and shelves are what the register leaves, and both have run out.
    const now = await shelf();
    const wallets = await balances();
    expect(wallets).toEqual(left);
    for (const sku of ['soap', 'towel'] as const) {
      const taken = rows.flatMap(({ items }) => items).filter((item) => item.sku === sku);
      const pieces = SHELF[sku] - taken.reduce((sum, { n }) => sum + n, 0);
      expect(now.get(sku)).toEqual({ pieces, moved: pieces });
    }
    expect(now.get('soap')?.pieces).toBe(0);
    expect([...wallets.values()].every((balance) => balance >= 0)).toBe(true);

    // Nothing came back meanwhile: whoever was told that it is not enough could not buy it now either.
    for (const refused of told.filter((each) => codeOf(each) === 'WALLET_INSUFFICIENT'))
      expect(wallets.get(refused.subject)).toBeLessThan(priceOf(refused));
    for (const { items } of told.filter((each) => codeOf(each) === 'STOCK_INSUFFICIENT'))
      expect(items.some(({ sku, n }) => (now.get(sku)?.pieces ?? 0) < n)).toBe(true);

    const schemes = new LedgerSchemes(await village.county.app.get(CountySchemes, { strict: false }).book());
    const lines = await walletLines(village.county.database.manager, SCHEME, (entry) => schemes.ruleOf(entry));
    expect(settle(lines).differences).toEqual([]);
  }, 120_000);
});
