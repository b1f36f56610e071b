import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { settle } from '#libs/ledger';
import { CountySchemes } from '../schemes/county-schemes.js';
import type { AnotherProcess, Ask } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import { ELSEWHERE, outcome, person, recordSubjects } from '../../../../test/county/sample-subjects.js';
import { SCHEME, villageScheme } from '../../../../test/county/village-scheme.js';
import { LedgerSchemes } from '../ledger/ledger-schemes.js';
import { walletLines } from './wallet-lines.js';
import { Wallets } from './wallets.service.js';

let village: RunningVillage;
let processes: readonly AnotherProcess[] = [];
let wallets: Wallets;
const ids = new Map<string, string>();
beforeAll(async () => {
  village = await runVillage();
  processes = await Promise.all([village.county.apart(), village.county.apart()]);
  wallets = village.county.app.get(Wallets, { strict: false });
  const people = ['w-1', 'w-2', 'w-3', 'w-4', 'race-1', 'race-2'];
  await recordSubjects(
    await village.county.as('registrar'),
    people.map((handle) => person(handle)),
  );
  const rows = await village.county.database.query<readonly { readonly id: string; readonly handle: string }[]>(
    'SELECT id, handle FROM subject',
  );
  for (const { id, handle } of rows) ids.set(handle, id);
}, 120_000);
afterAll(async () => {
  await Promise.all(processes.map((each) => each.close()));
  await village.close();
});

const balanceOf = async (handle: string): Promise<unknown> => (await village.ledger(handle)).wallet;
const take = (how: 'spend' | 'charge' | 'credit', handle: string, points: number, key: string): Promise<object> =>
  village.county.database.transaction((manager) => {
    const cause = how === 'credit' ? 'return' : 'redemption';
    return wallets[how](manager, { scheme: SCHEME, subject: ids.get(handle) ?? '', points, cause, key, actor: 'shop' });
  });

/** The settlement before a redemption day, over everybody. */
async function differences(): Promise<readonly object[]> {
  const schemes = new LedgerSchemes(await village.county.app.get(CountySchemes, { strict: false }).book());
  const lines = await walletLines(village.county.database.manager, SCHEME, (entry) => schemes.ruleOf(entry));
  return settle(lines).differences;
}

describe('what takes effect is booked as the difference of the rule’s total', () => {
  it('with remainders carried and caps kept, whatever the order', async () => {
    const on = (day: string, more: object = {}): object => ({ occurredOn: `2026-${day}`, ...more });
    await village.earn(done('h-1', 'w-1', 'hours', on('03-02', { quantity: 5 })));
    await village.earn(done('h-2', 'w-1', 'hours', on('03-01', { quantity: 3 })));
    expect(await balanceOf('w-1')).toEqual({ balance: 2, shortage: 0 });
    await village.earn(done('c-1', 'w-1', 'capped', on('05-01')), done('c-2', 'w-1', 'capped', on('05-02')));
    await village.earn(done('c-3', 'w-1', 'capped', on('06-01')));
    expect(await balanceOf('w-1')).toEqual({ balance: 27, shortage: 0 });
    await village.act(village.collector, 'contest', ['c-1'], { reason: 'x' });
    // The other of the month now counts in full.
    expect(await balanceOf('w-1')).toEqual({ balance: 22, shortage: 0 });
    expect(await differences()).toEqual([]);
  });
});

describe('a wallet', () => {
  it('is spent in full or not at all, once per key', async () => {
    await village.earn(done('s-1', 'w-2', 'help'), done('s-2', 'w-2', 'help'));
    await expect(take('spend', 'w-2', 21, 'buy-1')).rejects.toMatchObject({ code: 'WALLET_INSUFFICIENT' });
    expect(await take('spend', 'w-2', 15, 'buy-1')).toEqual({ balance: 5, shortage: 0 });
    expect(await take('spend', 'w-2', 15, 'buy-1')).toEqual({ balance: 5, shortage: 0 });
    await expect(take('spend', 'w-2', 5, 'buy-1')).rejects.toMatchObject({ code: 'POSTING_DIFFERS' });
    await expect(take('credit', 'w-2', 15, 'buy-1')).rejects.toMatchObject({ code: 'POSTING_DIFFERS' });
    expect(await take('credit', 'w-2', 1, 'back-1')).toEqual({ balance: 6, shortage: 0 });
  });

  it('is never below zero: what was taken back after it was spent stands in the shortage register', async () => {
    await village.act(village.collector, 'contest', ['s-1', 's-2'], { reason: 'neither happened' });
    expect(await balanceOf('w-2')).toEqual({ balance: 0, shortage: 14 });
    expect(await take('charge', 'w-2', 2, 'paper-1')).toEqual({ balance: 0, shortage: 16 });
    await village.earn(done('s-3', 'w-2', 'help'));
    expect(await balanceOf('w-2')).toEqual({ balance: 0, shortage: 6 });
    expect(await differences()).toEqual([]);
  });

  it('of nobody is opened by looking at it', async () => {
    expect(await balanceOf('w-3')).toEqual({ balance: 0, shortage: 0 });
    const [row] = await village.county.database.query<readonly { readonly count: string }[]>(
      'SELECT count(*) FROM wallet WHERE subject_id = $1',
      [ids.get('w-3')],
    );
    expect(row?.count).toBe('0');
  });

  it('gives its last points once, and tells everybody the truth', async () => {
    await village.earn(done('last', 'w-3', 'help'));
    const there = village.county.database;
    const tries = Array.from({ length: 64 }, (_, n) =>
      there
        .transaction((manager) => {
          const change = { scheme: SCHEME, subject: ids.get('w-3') ?? '', points: 4, cause: 'redemption' as const };
          return wallets.spend(manager, { ...change, key: `last-${n}`, actor: 'shop' });
        })
        .then(
          () => 'sold',
          (fault: { code?: string }) => fault.code,
        ),
    );
    const sold = await Promise.all(tries);
    expect(sold.filter((each) => each === 'sold')).toHaveLength(2);
    expect(new Set(sold)).toEqual(new Set(['sold', 'WALLET_INSUFFICIENT']));
    expect(await balanceOf('w-3')).toEqual({ balance: 2, shortage: 0 });
  });

  it('is found out when it does not agree with postings or rules', async () => {
    await village.earn(done('t-1', 'w-4', 'help'));
    await village.county.database.query('UPDATE wallet SET balance = balance + 1 WHERE subject_id = $1', [
      ids.get('w-4'),
    ]);
    expect(await differences()).toEqual([
      { subject: ids.get('w-4'), code: 'WALLET_NOT_POSTED', difference: 1 },
      { subject: ids.get('w-4'), code: 'WALLET_NOT_EARNED', difference: 1 },
    ]);
    await village.county.database.query('UPDATE wallet SET balance = balance - 1 WHERE subject_id = $1', [
      ids.get('w-4'),
    ]);
  });
});

describe('the shortage register', () => {
  const pay = (more: object = {}, as: Ask = village.manager): ReturnType<Ask> =>
    as('POST', '/v1/admin/shortages/settlements', {
      key: 'paid-1',
      scheme: SCHEME,
      subject: 'w-2',
      points: 4,
      reason: 'brought back the soap',
      ...more,
    });

  it('lists what is open to the manager of the place, and is settled in parts, once per key', async () => {
    const open = async (as: Ask): Promise<unknown> => (await as('GET', `/v1/admin/shortages?scheme=${SCHEME}`)).body;
    expect(await open(village.manager)).toMatchObject({ shortages: [{ subject: 'w-2', points: 6 }] });
    const elsewhere = await village.county.asIn(ELSEWHERE, 'manager');
    expect(await open(elsewhere)).toEqual({ shortages: [] });
    expect(outcome(await pay({}, elsewhere))).toEqual([404, 'NOT_FOUND']);
    expect([(await pay()).body, (await pay()).body]).toMatchObject([{ points: 2 }, { points: 2 }]);
    expect(outcome(await pay({ key: 'paid-2', points: 3 }))).toEqual([409, 'SHORTAGE_SMALLER']);
    expect(outcome(await pay({ points: 3 }))).toEqual([409, 'POSTING_DIFFERS']);
    expect(await differences()).toEqual([]);
  });
});

describe('two subjects that turn out to be one', () => {
  it('have earned under one cap and spent together, and are not told apart again', async () => {
    const registrar = await village.county.as('registrar');
    await recordSubjects(registrar, [person('twin-1'), person('twin-2')]);
    const rows = await village.county.database.query<readonly { readonly id: string; readonly handle: string }[]>(
      "SELECT id, handle FROM subject WHERE handle LIKE 'twin-%'",
    );
    for (const { id, handle } of rows) ids.set(handle, id);
    await village.earn(done('m-1', 'twin-1', 'capped'), done('m-2', 'twin-2', 'capped'), done('m-3', 'twin-2', 'help'));
    await take('spend', 'twin-1', 4, 'soap');
    await take('spend', 'twin-2', 6, 'soap');
    const merge = { into: 'twin-2', reason: 'recorded twice' };
    expect((await registrar('POST', '/v1/admin/subjects/twin-1/merges', merge)).status).toBeLessThan(300);
    // 15 of the capped rule together, 10 for helping, less what both spent.
    expect(await village.ledger('twin-1')).toMatchObject({ points: 25, wallet: { balance: 15, shortage: 0 } });
    expect(await differences()).toEqual([]);
    const undone = await registrar('POST', '/v1/admin/subjects/twin-1/merge-reversals', { reason: 'mistake' });
    expect(outcome(undone)).toEqual([409, 'MERGE_NOT_REVERSIBLE']);
  });
});

describe('two county processes on one database', () => {
  it('answer a thousand acts and reversals, 64 at a time, without a deadlock, and agree to the point', async () => {
    const entries = Array.from({ length: 250 }, (_, n) =>
      done(`x-${n}`, n % 2 === 0 ? 'race-1' : 'race-2', 'hours', { quantity: 3 }),
    );
    await village.declare(...entries);
    await village.act(
      village.verifier,
      'verify',
      entries.map(({ id }) => id),
    );
    expect(new Set([process.pid, ...processes.map(({ pid }) => pid)]).size).toBe(3);
    const accounts = await Promise.all(
      ['approver', 'collector'].map((name) => Promise.all(processes.map((each) => each.as(name)))),
    );
    const asked = Array.from({ length: 1_000 }, (_, n) => async (): Promise<string> => {
      const id = (at: number): string => `x-${at % 250}`;
      // In both orders, so that whoever locked them as they came would wait for the other.
      const pair = n % 2 === 0 ? [id(n), id(n + 7)] : [id(n + 7), id(n)];
      const [act, as] =
        n % 3 === 0 ? (['contest', accounts[1]![n % 2]!] as const) : (['approve', accounts[0]![n % 2]!] as const);
      const { status, body } = await as('POST', '/v1/admin/entries/acts', {
        key: `act-${n}`,
        act,
        entries: pair,
        reason: 'x',
      });
      return status === 200 ? 'done' : `${status} ${String(body['code'])}`;
    });
    const outcomes = new Map<string, number>();
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        for (let next = asked.pop(); next !== undefined; next = asked.pop()) {
          const result = await next();
          outcomes.set(result, (outcomes.get(result) ?? 0) + 1);
        }
      }),
    );
    expect([...outcomes.keys()].toSorted()).toEqual(['409 ENTRY_STATE_OTHER', 'done']);
    expect(await differences()).toEqual([]);
    const [one, two] = [await village.ledger('race-1'), await village.ledger('race-2')];
    const counting = one.entries.filter(({ state }) => state === 'effective').length;
    expect(one.wallet?.balance).toBe(Math.floor((counting * 3) / 4));
    expect(two.wallet?.balance).toBe(two.points);
  }, 120_000);
});

describe('a scheme without exchange', () => {
  it('has no wallets', async () => {
    const plain = await runVillage({ ...villageScheme, balance: 'none' });
    await recordSubjects(await plain.county.as('registrar'), [person('n-1')]);
    await plain.earn(done('n-1', 'n-1', 'help'));
    expect(await plain.ledger('n-1')).toMatchObject({ points: 10, wallet: null, postings: [] });
    await plain.close();
  });
});
