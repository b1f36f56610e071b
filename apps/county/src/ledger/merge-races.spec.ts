import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import { whileMerging } from '../../../../test/county/while-merging.js';
import { household, join, outcome, outcomes, person, recordSubjects } from '../../../../test/county/sample-subjects.js';

let village: RunningVillage;
beforeAll(async () => {
  village = await runVillage();
  const registrar = await village.county.as('registrar');
  const pairs = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((name) => [person(`${name}-1`), person(`${name}-2`)]);
  await recordSubjects(registrar, [
    ...pairs,
    person('g-1'),
    ...['h-1', 'h-2', 'h-3', 'h-4'].map((handle) => household(handle)),
  ]);
  await join(registrar, 'g-1', 'h-1', '2026-01-01');
  await join(registrar, 'f-1', 'h-3', '2026-01-01');
  // Whoever signs in is on record, which is to wait for nobody below.
  for (const role of ['collector', 'verifier', 'approver', 'manager']) await village.county.as(role);
});
afterAll(() => village.close());

const merge = async (handle: string, into: string): Promise<Answer> =>
  (await village.county.as('registrar'))('POST', `/v1/admin/subjects/${handle}/merges`, { into, reason: 'one person' });

const merging = (handle: string, into: string, ask: () => Promise<Answer>): Promise<readonly [Answer, Answer]> =>
  whileMerging(village.county, [handle, into], ask);
const stateOf = async (subject: string, entry: string): Promise<unknown> =>
  (await village.ledger(subject)).entries.find(({ id }) => id === entry)?.state;
const orphans = (): Promise<unknown> =>
  village.county.database.query(
    'SELECT entry.id FROM ledger_entry AS entry JOIN subject ON subject.id = subject_id WHERE merged_into IS NOT NULL',
  );

describe('while two records become one', () => {
  it('nothing is declared for the absorbed one: asked again, it is the survivor’s', async () => {
    const entry = done('a', 'a-1', 'help');
    const [merged, declared] = await merging('a-1', 'a-2', () => village.declare(entry));
    expect([merged.status, declared.body]).toEqual([
      204,
      expect.objectContaining({
        code: 'CONFLICT',
        fields: [{ path: '/entries/0/subject', message: 'is refused' }],
      }),
    ]);
    expect(await orphans()).toEqual([]);
    expect((await village.declare(entry)).body).toEqual({ recorded: 1, existing: 0 });
    expect(await stateOf('a-2', 'a')).toBe('declared');
  });

  it('nor is any of several that stand or fall together', async () => {
    const both = [done('b1', 'b-2', 'help'), done('b2', 'b-1', 'help')];
    const [merged, declared] = await merging('b-1', 'b-2', () => village.declare(...both));
    expect([merged.status, declared.body['code']]).toEqual([204, 'CONFLICT']);
    expect((await village.ledger('b-2')).entries).toEqual([]);
    expect((await village.declare(...both)).body).toEqual({ recorded: 2, existing: 0 });
    expect((await village.ledger('b-2')).entries).toHaveLength(2);
  });

  it('nor what would credit an absorbed household besides', async () => {
    const entry = done('f', 'f-1', 'honour');
    const [merged, declared] = await merging('h-3', 'h-4', () => village.declare(entry));
    expect([merged.status, declared.body['code']]).toEqual([204, 'CONFLICT']);
    await village.earn(entry);
    expect((await village.ledger('h-4')).entries).toEqual([
      expect.objectContaining({ id: 'f/h-4', state: 'effective' }),
    ]);
  });

  it('an act finds the entry where it has gone', async () => {
    await village.declare(done('c', 'c-1', 'help'));
    const [merged, verified] = await merging('c-1', 'c-2', () => village.act(village.verifier, 'verify', ['c']));
    expect([merged.status, verified.body]).toEqual([204, { entries: [{ id: 'c', state: 'verified' }] }]);
    expect(await stateOf('c-2', 'c')).toBe('verified');
  });

  it('what an entry credits besides goes its way with it', async () => {
    await village.declare(done('h', 'g-1', 'honour'));
    const [merged, verified] = await merging('h-1', 'h-2', () => village.act(village.verifier, 'verify', ['h']));
    expect([merged.status, verified.status]).toEqual([204, 200]);
    expect(await stateOf('h-2', 'h/h-1')).toBe('verified');
    await village.act(village.approver, 'approve', ['h']);
    expect((await village.ledger('h-2')).wallet).toEqual({ balance: 6, shortage: 0 });
  });

  it('a correction takes back what the survivor has now', async () => {
    await village.earn(done('d', 'd-1', 'help'));
    const [merged, corrected] = await merging('d-1', 'd-2', () =>
      village.collector('POST', '/v1/admin/corrections', { id: 'd-back', reverses: 'd', reason: 'a mistake' }),
    );
    expect([merged.status, corrected.status]).toEqual([204, 200]);
    for (const [as, act] of [
      [village.verifier, 'verify'],
      [village.approver, 'approve'],
    ] as const)
      expect(outcome(await village.act(as, act, ['d-back']))).toEqual([200, undefined]);
    expect(await stateOf('d-2', 'd')).toBe('reversed');
    expect((await village.ledger('d-2')).wallet).toEqual({ balance: 0, shortage: 0 });
    expect(await orphans()).toEqual([]);
  });

  it('two merges that cross each other make one subject, not none', async () => {
    const both = await Promise.all([merge('e-1', 'e-2'), merge('e-2', 'e-1')]);
    expect(outcomes(both)).toEqual(['204', '409 SUBJECT_ENDED']);
    const left: unknown = await village.county.database.query(
      "SELECT count(*)::integer AS n FROM subject WHERE handle IN ('e-1', 'e-2') AND merged_into IS NULL",
    );
    expect(left).toEqual([{ n: 1 }]);
  });
});
