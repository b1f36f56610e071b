import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { grantsOf, StaffAccounts } from '#libs/staff';
import type { Ask } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import {
  ELSEWHERE,
  household,
  join,
  outcome,
  person,
  recordSubjects,
  VILLAGE,
} from '../../../../test/county/sample-subjects.js';
import { TestPhone } from '../../../../test/county/test-phone.js';
import { EntryActs } from './entry-acts.service.js';

const DAY = 86_400;

let village: RunningVillage;
let second: Ask;
beforeAll(async () => {
  village = await runVillage();
  const registrar = await village.county.as('registrar');
  await recordSubjects(registrar, [...['p-1', 'p-2', 'p-3', 'p-4'].map((handle) => person(handle)), household('h-1')]);
  await join(registrar, 'p-1', 'h-1', '2026-01-01');
  await join(registrar, 'p-2', 'h-1', '2026-01-01');
  second = async (...asked) => (await village.county.asIn(VILLAGE, 'approver'))(...asked);
});
afterAll(() => village.close());

/** An account that belongs to a resident, with roles that decide. */
async function accountOf(handle: string, roles: readonly string[]): Promise<Ask> {
  const [owner] = await village.county.database.query<readonly { readonly id: string }[]>(
    'SELECT id FROM subject WHERE handle = $1',
    [handle],
  );
  const username = `${handle}-${roles.join('-')}`;
  await village.county.app.get(StaffAccounts, { strict: false }).ensure({
    username,
    password: 'a long password for tests',
    displayName: username,
    organisation: 'village',
    grants: grantsOf(roles),
    sample: true,
    ...(owner === undefined ? {} : { subject: owner.id }),
  });
  return village.county.as(username);
}

const stateOf = async (subject: string, id: string): Promise<string | undefined> =>
  (await village.ledger(subject)).entries.find((entry) => entry.id === id)?.state;

describe('the way of an entry: declared, verified, approved, effective', () => {
  it('is taken by different people, and every step is kept', async () => {
    await village.declare(done('a-1', 'p-3', 'help'));
    expect(outcome(await village.act(village.approver, 'approve', ['a-1']))).toEqual([409, 'ENTRY_STATE_OTHER']);
    expect(outcome(await village.act(village.approver, 'verify', ['a-1']))).toEqual([403, 'ENTRY_ROLE_MISSING']);
    expect((await village.act(village.verifier, 'verify', ['a-1'])).body).toEqual({
      entries: [{ id: 'a-1', state: 'verified' }],
    });
    expect((await village.act(village.approver, 'approve', ['a-1'])).body).toEqual({
      entries: [{ id: 'a-1', state: 'effective' }],
    });
    const ledger = await village.ledger('p-3');
    expect(ledger).toMatchObject({ points: 10, wallet: { balance: 10, shortage: 0 } });
    expect(ledger.entries[0]?.steps.map(({ act, by }) => [act, by])).toEqual([
      ['declare', 'collector'],
      ['verify', 'verifier'],
      ['approve', 'approver'],
      ['take_effect', null],
    ]);
    expect(ledger.postings).toMatchObject([{ points: 10, shortage: 0, key: 'a-1' }]);
  });

  it('is taken once under one key, and not by another act or account under the same', async () => {
    await village.declare(done('k-1', 'p-3', 'help'));
    const asked = { key: 'one', act: 'verify', entries: ['k-1'] };
    const verify = (as: Ask, more: object = {}): ReturnType<Ask> =>
      as('POST', '/v1/admin/entries/acts', { ...asked, ...more });
    expect([await verify(village.verifier), await verify(village.verifier)].map(outcome)).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
    expect(outcome(await verify(village.approver, { act: 'approve' }))).toEqual([409, 'ENTRY_STEP_DIFFERS']);
    const other = await village.county.asIn(VILLAGE, 'verifier');
    expect(outcome(await verify(other))).toEqual([409, 'ENTRY_STEP_DIFFERS']);
  });

  it('is one for all entries of a request, or for none', async () => {
    await village.declare(done('n-1', 'p-3', 'help'), done('n-2', 'p-3', 'help'));
    const refused = await village.act(village.verifier, 'verify', ['n-1', 'n-2', 'missing']);
    expect(outcome(refused)).toEqual([422, 'ENTRY_UNKNOWN']);
    expect(JSON.stringify(refused.body['fields'])).toContain('/entries/2');
    expect(await stateOf('p-3', 'n-1')).toBe('declared');
  });

  it('ends with a reason where it is refused', async () => {
    await village.declare(done('r-1', 'p-3', 'help'));
    expect(outcome(await village.act(village.verifier, 'reject', ['r-1']))).toEqual([400, 'BODY_INVALID']);
    await village.act(village.verifier, 'reject', ['r-1'], { reason: 'nobody saw it' });
    expect(await stateOf('p-3', 'r-1')).toBe('rejected');
    expect(outcome(await village.act(village.verifier, 'verify', ['r-1']))).toEqual([409, 'ENTRY_STATE_OTHER']);
  });
});

describe('who may decide (G11: nobody about themselves or their household)', () => {
  it.each([
    ['p-1', 'SELF_APPROVAL'],
    ['p-2', 'HOUSEHOLD_APPROVAL'],
  ])('not %s about p-1: %s', async (handle, code) => {
    await village.declare(done(`own-of-${handle}`, 'p-1', 'help'));
    const own = await accountOf(handle, ['verifier', 'approver']);
    expect(outcome(await village.act(own, 'verify', [`own-of-${handle}`]))).toEqual([403, code]);
    expect(outcome(await village.act(own, 'reject', [`own-of-${handle}`], { reason: 'x' }))).toEqual([403, code]);
  });

  it('not whoever has left the household since', async () => {
    await village.declare(done('left-1', 'p-1', 'help', { occurredOn: '2026-09-01' }));
    const registrar = await village.county.as('registrar');
    const left = await registrar('POST', '/v1/admin/memberships/endings', {
      member: 'p-2',
      of: 'h-1',
      to: '2026-09-10',
    });
    expect(left.status).toBeLessThan(300);
    const former = await accountOf('p-2', ['verifier', 'approver']);
    expect(outcome(await village.act(former, 'verify', ['left-1']))).toEqual([403, 'HOUSEHOLD_APPROVAL']);
  });

  it('not whoever declared it', async () => {
    const both = await accountOf('p-4', ['collector', 'verifier']);
    await both('POST', '/v1/admin/entries', { entries: [done('d-1', 'p-3', 'help')] });
    expect(outcome(await village.act(both, 'verify', ['d-1']))).toEqual([403, 'DECLARER_APPROVAL']);
  });

  it('not an account of another place', async () => {
    await village.declare(done('s-1', 'p-3', 'help'));
    const elsewhere = await village.county.asIn(ELSEWHERE, 'verifier');
    expect(outcome(await village.act(elsewhere, 'verify', ['s-1']))).toEqual([403, 'ENTRY_ROLE_MISSING']);
    const here = await village.county.asIn(VILLAGE, 'verifier');
    expect((await village.act(here, 'verify', ['s-1'])).status).toBe(200);
  });

  it('two of them above the limit of the rule, and one up to it', async () => {
    const [at, above] = [
      done('c-20', 'p-3', 'choice', { quantity: 20 }),
      done('c-21', 'p-3', 'choice', { quantity: 21 }),
    ];
    expect((await village.earn(at)).body).toEqual({ entries: [{ id: 'c-20', state: 'effective' }] });
    expect((await village.earn(above)).body).toEqual({ entries: [{ id: 'c-21', state: 'verified' }] });
    expect(outcome(await village.act(village.approver, 'approve', ['c-21']))).toEqual([403, 'SAME_APPROVER']);
    expect((await village.act(second, 'approve', ['c-21'])).body).toEqual({
      entries: [{ id: 'c-21', state: 'effective' }],
    });
  });
});

describe('an entry on the board', () => {
  const update = (): Promise<number> => village.county.app.get(EntryActs, { strict: false }).bringUpToDate();

  it('takes effect when its days are over, the day of going up not counted, whoever looks first', async () => {
    const phone = await TestPhone.enrol(village.county, 'p-4');
    const evidence = [{ kind: 'photo', ref: 'album/1' }];
    await phone.send('POST', '/v1/entries', { id: 'b-1', rule: 'own', occurredOn: '2026-09-10', evidence });
    await village.act(village.verifier, 'verify', ['b-1']);
    expect((await village.act(village.approver, 'approve', ['b-1'])).body).toEqual({
      entries: [{ id: 'b-1', state: 'publicised' }],
    });
    village.county.clock.advance(7 * DAY);
    expect(await update()).toBe(0);
    village.county.clock.advance(DAY);
    expect(await village.ledger('p-4')).toMatchObject({ points: 3, wallet: { balance: 3 } });
    expect(await update()).toBe(0);
    village.county.clock.advance(-8 * DAY);
  });

  it('expires after its validity and grades no more; what it earned stays spendable', async () => {
    await village.earn(done('v-1', 'p-4', 'passing', { occurredOn: '2026-03-17' }));
    const before = (await village.ledger('p-4')).wallet?.balance;
    expect(await stateOf('p-4', 'v-1')).toBe('effective');
    village.county.clock.advance(DAY);
    expect(await update()).toBe(1);
    expect(await stateOf('p-4', 'v-1')).toBe('expired');
    expect((await village.ledger('p-4')).wallet?.balance).toBe(before);
    village.county.clock.advance(-DAY);
  });
});

describe('objections and corrections', () => {
  const correct = (id: string, reverses: string): ReturnType<Ask> =>
    village.collector('POST', '/v1/admin/corrections', { id, reverses, reason: 'recorded twice' });

  it('a contested entry makes no points until somebody uninvolved upholds it', async () => {
    await village.earn(done('o-1', 'p-1', 'help'));
    const held = (await village.ledger('p-1')).wallet?.balance ?? 0;
    await village.act(village.collector, 'contest', ['o-1'], { reason: 'it was somebody else' });
    expect((await village.ledger('p-1')).wallet?.balance).toBe(held - 10);
    expect(outcome(await village.act(village.approver, 'uphold', ['o-1'], { reason: 'x' }))).toEqual([
      403,
      'REVIEWER_INVOLVED',
    ]);
    await village.act(second, 'uphold', ['o-1'], { reason: 'three saw it' });
    expect((await village.ledger('p-1')).wallet?.balance).toBe(held);
    await village.act(village.collector, 'contest', ['o-1'], { reason: 'once more' });
    await village.act(second, 'reverse', ['o-1'], { reason: 'they saw another' });
    expect([await stateOf('p-1', 'o-1'), (await village.ledger('p-1')).wallet?.balance]).toEqual([
      'reversed',
      held - 10,
    ]);
  });

  it('a correction takes the entry back once it has itself taken effect; from then on neither counts', async () => {
    await village.earn(done('w-1', 'p-1', 'help'));
    const held = (await village.ledger('p-1')).wallet?.balance ?? 0;
    expect((await correct('w-2', 'w-1')).body).toEqual({ recorded: 1, existing: 0 });
    expect((await correct('w-2', 'w-1')).body).toEqual({ recorded: 0, existing: 1 });
    expect(outcome(await correct('w-3', 'w-1'))).toEqual([409, 'REVERSAL_NOT_OPEN']);
    expect((await village.ledger('p-1')).wallet?.balance).toBe(held);
    await village.act(village.verifier, 'verify', ['w-2']);
    await village.act(village.approver, 'approve', ['w-2']);
    expect(await stateOf('p-1', 'w-1')).toBe('reversed');
    expect((await village.ledger('p-1')).wallet?.balance).toBe(held - 10);
    expect(outcome(await correct('w-4', 'w-2'))).toEqual([422, 'REVERSAL_OF_REVERSAL']);
    expect(outcome(await correct('w-4', 'nothing'))).toEqual([404, 'NOT_FOUND']);
  });

  it('a correction that was rejected lets another be declared', async () => {
    await village.earn(done('j-1', 'p-1', 'help'));
    await correct('j-2', 'j-1');
    await village.act(village.verifier, 'reject', ['j-2'], { reason: 'no' });
    expect((await correct('j-3', 'j-1')).status).toBe(200);
  });
});
