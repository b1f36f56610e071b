import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reconcile } from '#libs/ledger';
import type { Staff } from '#libs/staff';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import { child, ELSEWHERE, outcome, person, recordSubjects } from '../../../../test/county/sample-subjects.js';
import { deliver, shopScheme } from '../../../../test/county/shop-schemes.js';
import { SCHEME } from '../../../../test/county/village-scheme.js';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import { handOutsOf } from './hand-outs.js';
import { type ChargedLine, type PaperLine, PaperSales } from './paper-sales.service.js';

const DAY = randomUUID();
const staff: Staff = {
  id: randomUUID(),
  username: 'shop',
  displayName: 'shop',
  organisation: 'village',
  grants: [{ role: 'shopkeeper', place: null }],
  subject: null,
};

let village: RunningVillage;
beforeAll(async () => {
  village = await runVillage(shopScheme);
  await recordSubjects(await village.county.as('registrar'), [
    person('p-1'),
    person('p-2'),
    child('p-3'),
    person('p-4', { place: ELSEWHERE }),
  ]);
  await village.earn(done('e-1', 'p-1', 'help'));
  await deliver(village.manager, SCHEME, 'soap', 4);
});
afterAll(() => village.close());

async function charge(...lines: readonly PaperLine[]): Promise<readonly ChargedLine[]> {
  const { app, database } = village.county;
  const book = await app.get(CountySchemes, { strict: false }).book();
  const scope = { book, tree: await app.get(Places, { strict: false }).tree(), staff };
  const sales = app.get(PaperSales, { strict: false });
  const batch = { scheme: SCHEME, day: DAY, on: '2026-09-15', lines };
  return database.transaction((manager) => sales.charge(manager, batch, scope));
}

const line = (key: string, subject: string, sku: string, n: number, more: object = {}): PaperLine => ({
  key,
  subject,
  sku,
  n,
  ...more,
});

describe('what was handed out on paper', () => {
  it('is debited in full: beyond the balance into the shortage register, and the shelf not below zero', async () => {
    const lines = [line('l-1', 'p-1', 'soap', 3), line('l-2', 'p-1', 'soap', 2), line('l-3', 'p-2', 'towel', 1)];
    const charged = await charge(...lines);
    expect(charged.map(({ points, shortage }) => [points, shortage])).toEqual([
      [9, 0],
      [6, 5],
      [1, 1],
    ]);
    expect((await village.ledger('p-1')).wallet).toEqual({ balance: 0, shortage: 5 });
    const { items } = (await village.manager('GET', `/v1/admin/schemes/${SCHEME}/shop`)).body;
    expect(items).toMatchObject([{ sku: 'soap', stock: 0 }, {}, { sku: 'towel', stock: 0 }, {}, {}]);
    const handOuts = await handOutsOf(village.county.database.manager, DAY);
    expect(reconcile(handOuts, undefined, [{ sku: 'soap', before: 4, after: 0 }])).toMatchObject({
      people: 2,
      points: 16,
      items: 6,
      stock: [{ handedOut: 5, variance: 1 }],
    });
  });

  it('is one line however often it comes, and not another under its key', async () => {
    const again = await charge(
      line('l-2', 'p-1', 'soap', 2),
      line('l-4', 'p-2', 'towel', 1),
      line('l-4', 'p-2', 'towel', 1),
    );
    expect(again.map(({ points, shortage }) => [points, shortage])).toEqual([
      [6, 5],
      [1, 1],
      [1, 1],
    ]);
    expect(new Set(again.map(({ redemption }) => redemption)).size).toBe(2);
    const refused = { code: 'KEY_REUSED', fields: [{ path: '/lines/1', message: 'is refused' }] };
    await expect(charge(line('l-5', 'p-2', 'towel', 1), line('l-2', 'p-1', 'soap', 3))).rejects.toMatchObject(refused);
    await expect(charge(line('l-6', 'p-2', 'towel', 1), line('l-6', 'p-1', 'towel', 1))).rejects.toMatchObject(refused);
    expect((await village.ledger('p-2')).wallet).toEqual({ balance: 0, shortage: 2 });
  });

  it('is collected by nobody else where who signed is the subject, or turns out to be', async () => {
    const registrar = await village.county.as('registrar');
    await recordSubjects(registrar, [person('p-5'), person('p-6')]);
    const lines = [
      line('l-10', 'p-5', 'towel', 1, { collectedBy: 'p-5' }),
      line('l-11', 'p-5', 'towel', 1, { collectedBy: 'p-6' }),
    ];
    const charged = await charge(...lines);
    const rows = await village.county.database.query<readonly object[]>(
      `SELECT key, collected_by IS NULL AS "isOwn" FROM redemption WHERE key IN ('l-10', 'l-11') ORDER BY key`,
    );
    expect(rows).toEqual([
      { key: 'l-10', isOwn: true },
      { key: 'l-11', isOwn: false },
    ]);
    await registrar('POST', '/v1/admin/subjects/p-6/merges', { into: 'p-5', reason: 'recorded twice' });
    expect(await charge(...lines)).toEqual(charged);
  });

  it('is refused whole where a line names nobody or nothing, and the line is named', async () => {
    const good = line('l-7', 'p-2', 'towel', 1);
    for (const [bad, code, member] of [
      [line('l-8', 'ghost', 'towel', 1), 'SUBJECT_UNKNOWN', 'subject'],
      [line('l-8', 'p-3', 'towel', 1), 'SUBJECT_NOT_SCORED', 'subject'],
      [line('l-8', 'p-4', 'towel', 1), 'SUBJECT_OUTSIDE_SCHEME', 'subject'],
      [line('l-8', 'p-2', 'gold', 1), 'ITEM_UNKNOWN', 'sku'],
      [line('l-8', 'p-2', 'towel', 1, { collectedBy: 'ghost' }), 'SUBJECT_UNKNOWN', 'collectedBy'],
    ] as const)
      await expect(charge(good, bad)).rejects.toMatchObject({ code, fields: [{ path: `/lines/1/${member}` }] });
    expect((await village.ledger('p-2')).wallet).toEqual({ balance: 0, shortage: 2 });
  });

  it('stays one line when its subject turns out to be somebody else', async () => {
    const into = { into: 'p-1', reason: 'recorded twice' };
    const merged = await (await village.county.as('registrar'))('POST', '/v1/admin/subjects/p-2/merges', into);
    expect(outcome(merged)).toEqual([204, undefined]);
    const [again] = await charge(line('l-3', 'p-2', 'towel', 1));
    expect(again).toMatchObject({ points: 1, shortage: 1 });
    expect((await village.ledger('p-1')).wallet).toEqual({ balance: 0, shortage: 7 });
  });
});
