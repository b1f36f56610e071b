import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '#libs/testing';
import { type Ask, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import { entry, RESIDENTS } from '../../../../test/county/sample-residents.js';
import { LedgerEntryEntity } from './ledger-entry.entity.js';

let county: RunningCounty;
let collector: Ask;
const record = (entries: unknown): ReturnType<Ask> => collector('POST', '/v1/admin/entries', { entries });
const count = (): Promise<number> => county.database.manager.count(LedgerEntryEntity);

beforeAll(async () => {
  county = await runCounty();
  await (
    await county.as('registrar')
  )('POST', '/v1/admin/residents', { residents: RESIDENTS });
  collector = await county.as('collector');
});
afterAll(() => county.close());

describe('recording ledger entries', () => {
  it('is idempotent by the id of the client', async () => {
    const one = [entry('e-1', 'wd-1', 'contract-kept'), { ...entry('e-2', 'wd-2', 'commitment-kept'), quantity: 7 }];
    expect((await record(one)).body).toEqual({ recorded: 2, existing: 0 });
    expect((await record(one)).body).toEqual({ recorded: 0, existing: 2 });
    const row = await county.database.manager.findOneByOrFail(LedgerEntryEntity, { id: 'e-2' });
    expect(row).toMatchObject({
      ruleId: 'commitment-kept',
      schemeId: 'cn-371003-haibei',
      schemeVersion: 1,
      quantity: 7,
      occurredOn: '2026-03-10',
      recordedAt: county.clock.now(),
      recordedBy: 'collector',
      state: 'effective',
    });
  });

  it.each([
    ['ENTRY_DIFFERS', 409, entry('e-1', 'wd-1', 'contract-kept', '2026-03-11')],
    ['ENTRY_DIFFERS', 409, entry('e-1', 'wd-2', 'contract-kept')],
    ['ENTRY_RULE_UNKNOWN', 422, entry('x', 'wd-1', 'petitioning')],
    ['RESIDENT_UNKNOWN', 422, entry('x', 'nobody', 'contract-kept')],
    ['ENTRY_NOT_BY_RULE', 422, entry('x', 'wd-1', 'commitment-kept')],
    ['ENTRY_NOT_BY_RULE', 422, { ...entry('x', 'wd-1', 'contract-kept'), quantity: 2 }],
    ['ENTRY_NOT_BY_RULE', 422, entry('x', 'wd-1', 'contract-kept', '2026-09-17')],
    ['ENTRY_NOT_BY_RULE', 422, entry('x', 'wd-1', 'contract-kept', '2026-02-30')],
    ['ENTRY_NOT_BY_RULE', 422, entry('x', 'wd-1', 'contract-kept', '2019-12-31')],
    ['BODY_INVALID', 400, { ...entry('x', 'wd-1', 'contract-kept'), points: 500 }],
    ['BODY_INVALID', 400, { ...entry('x', 'wd-1', 'commitment-kept'), quantity: 1.5 }],
    ['BODY_INVALID', 400, { ...entry('x', 'wd-1', 'contract-kept'), state: 'effective' }],
  ])('answers %s (%i) and records nothing of the request', async (code, status, faulty) => {
    const before = await count();
    const answer = await record([entry('good', 'wd-1', 'contract-kept'), faulty]);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(JSON.stringify(answer.body['fields'])).toContain('/entries/1');
    expect(await count()).toBe(before);
  });

  it('takes the same entries in another order at the same time', async () => {
    const entries = ['o-1', 'o-2', 'o-3'].map((id) => entry(id, 'wd-3', 'contract-kept'));
    const known = await county.database.manager.findOneByOrFail(LedgerEntryEntity, { id: 'e-1' });
    const blocker = county.database.createQueryRunner();
    await blocker.startTransaction();
    // Holds both requests up in the middle of their rows.
    await blocker.manager.insert(LedgerEntryEntity, Object.assign(known, { id: 'o-2' }));
    const requests = [record(entries), record(entries.toReversed())];
    await waitFor(async () => {
      const [row] = await county.database.query<readonly { readonly waiting: number }[]>(
        "SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return row?.waiting === 2;
    });
    await blocker.rollbackTransaction();
    await blocker.release();
    expect((await Promise.all(requests)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('takes a thousand at once, and a body that large only from staff routes', async () => {
    const many = Array.from({ length: 1_000 }, (_, n) =>
      entry(`a-rather-long-idempotency-key-of-the-client-${n}`, 'wd-3', 'contract-kept'),
    );
    expect((await record(many)).body).toEqual({ recorded: 1_000, existing: 0 });
    const padded = { code: 'A'.repeat(70_000), deviceJwk: {} };
    expect((await county.ask('POST', '/v1/enrolments', padded)).status).toBe(413);
  });
});

describe('the ledger table (design §5: append-only)', () => {
  it.each([
    'UPDATE ledger_entry SET quantity = 2',
    "UPDATE ledger_entry SET occurred_on = '2026-01-01', state = 'reversed'",
    'DELETE FROM ledger_entry',
    'TRUNCATE ledger_entry',
  ])('refuses %s', async (statement) => {
    await expect(county.database.query(statement)).rejects.toThrow('append-only');
  });

  it('lets the state move on, within the states there are', async () => {
    await county.database.query("UPDATE ledger_entry SET state = 'contested' WHERE id = 'e-1'");
    await expect(county.database.query("UPDATE ledger_entry SET state = 'cancelled'")).rejects.toThrow('check');
  });
});
