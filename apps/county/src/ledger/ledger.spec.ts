import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '#libs/testing';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import { child, ELSEWHERE, household, join, person, recordSubjects } from '../../../../test/county/sample-subjects.js';
import { TestPhone } from '../../../../test/county/test-phone.js';
import { SCHEME } from '../../../../test/county/village-scheme.js';
import { LedgerEntryEntity } from './ledger-entry.entity.js';

let village: RunningVillage;
const count = (): Promise<number> => village.county.database.manager.count(LedgerEntryEntity);
const stored = (id: string): Promise<LedgerEntryEntity> =>
  village.county.database.manager.findOneByOrFail(LedgerEntryEntity, { id });

beforeAll(async () => {
  village = await runVillage();
  const registrar = await village.county.as('registrar');
  await recordSubjects(registrar, [
    ...['p-1', 'p-2', 'p-3'].map((handle) => person(handle)),
    person('mother', { birthYear: 1955 }),
    person('far', { place: ELSEWHERE }),
    child('kid'),
    household('h-1'),
    household('h-2'),
  ]);
  await join(registrar, 'p-1', 'h-1', '2026-01-01');
  await join(registrar, 'p-1', 'mother', '1980-01-01', { relation: 'child_of' });
});
afterAll(() => village.close());

describe('declaring entries', () => {
  it('is idempotent by the id of the client, and counts nothing yet', async () => {
    const two = [done('e-1', 'p-1', 'help'), done('e-2', 'p-2', 'hours', { quantity: 7 })];
    expect((await village.declare(...two)).body).toEqual({ recorded: 2, existing: 0 });
    expect((await village.declare(...two)).body).toEqual({ recorded: 0, existing: 2 });
    expect((await village.declare(two[0]!)).body).toEqual({ recorded: 0, existing: 1 });
    expect(await stored('e-2')).toMatchObject({
      ruleId: 'hours',
      schemeId: SCHEME,
      schemeVersion: 1,
      quantity: 7,
      occurredOn: '2026-09-10',
      recordedAt: village.county.clock.now(),
      recordedBy: 'collector',
      state: 'declared',
    });
    expect(await village.ledger('p-2')).toMatchObject({ points: 0, wallet: { balance: 0 }, postings: [] });
    const audited = await village.county.database.query<readonly object[]>(
      "SELECT actor, detail FROM audit_record WHERE action = 'entries.declared'",
    );
    expect(audited).toEqual([{ actor: 'collector', detail: { recorded: 2 } }]);
  });

  it.each<[string, number, string, object]>([
    ['ENTRY_DIFFERS', 409, 'id', done('e-1', 'p-1', 'help', { occurredOn: '2026-09-11' })],
    ['ENTRY_DIFFERS', 409, 'id', done('e-1', 'p-2', 'help')],
    ['ENTRY_DIFFERS', 409, 'id', done('e-1', 'p-1', 'help', { evidence: [{ kind: 'photo', ref: 'x' }] })],
    ['ENTRY_SCHEME_UNKNOWN', 422, 'scheme', done('x', 'p-1', 'help', { scheme: 'another' })],
    ['ENTRY_RULE_UNKNOWN', 422, 'rule', done('x', 'p-1', 'petitioning')],
    ['ENTRY_NOT_BY_RULE', 422, 'quantity', done('x', 'p-1', 'hours')],
    ['ENTRY_NOT_BY_RULE', 422, 'occurredOn', done('x', 'p-1', 'help', { occurredOn: '2026-09-17' })],
    ['ENTRY_NOT_BY_RULE', 422, 'occurredOn', done('x', 'p-1', 'help', { occurredOn: '2025-12-31' })],
    ['ENTRY_NOT_BY_RULE', 422, 'label', done('x', 'h-1', 'yard', { label: '优' })],
    ['ENTRY_NOT_BY_RULE', 422, 'subject', done('x', 'h-1', 'help')],
    ['ENTRY_ROLE_MISSING', 403, 'rule', done('x', 'p-1', 'own', { evidence: [{ kind: 'photo', ref: 'x' }] })],
    ['SUBJECT_UNKNOWN', 422, 'subject', done('x', 'nobody', 'help')],
    ['SUBJECT_NOT_SCORED', 422, 'subject', done('x', 'kid', 'help')],
    ['SUBJECT_OUTSIDE_SCHEME', 422, 'subject', done('x', 'far', 'help')],
    ['BODY_INVALID', 400, 'points', done('x', 'p-1', 'help', { points: 500 })],
    ['BODY_INVALID', 400, 'state', done('x', 'p-1', 'help', { state: 'effective' })],
  ])('answers %s (%i) naming %s, and records nothing of the request', async (code, status, member, faulty) => {
    const before = await count();
    const answer = await village.declare(done('good', 'p-1', 'help'), faulty);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(JSON.stringify(answer.body['fields'])).toContain(`/entries/1/${member}`);
    expect(await count()).toBe(before);
  });

  it('knows nobody outside the places of who asks', async () => {
    const elsewhere = await village.county.asIn(ELSEWHERE, 'collector');
    const answer = await elsewhere('POST', '/v1/admin/entries', { entries: [done('x', 'p-1', 'help')] });
    expect(answer.body['code']).toBe('SUBJECT_UNKNOWN');
    const manager = await village.county.asIn(ELSEWHERE, 'manager');
    expect((await manager('GET', '/v1/admin/subjects/p-1/ledger')).body['code']).toBe('NOT_FOUND');
  });

  it('credits household and parents of the day, once, in entries that follow', async () => {
    const honour = done('hon-1', 'p-1', 'honour');
    await village.earn(honour);
    expect((await village.declare(honour)).body).toEqual({ recorded: 0, existing: 1 });
    expect([await stored('hon-1/h-1'), await stored('hon-1/mother')]).toMatchObject([
      { creditOf: 'hon-1', state: 'effective' },
      { creditOf: 'hon-1', state: 'effective' },
    ]);
    const balances = ['p-1', 'h-1', 'mother'].map(async (handle) => (await village.ledger(handle)).wallet?.balance);
    expect(await Promise.all(balances)).toEqual([6, 6, 6]);
    expect((await village.act(village.verifier, 'contest', ['hon-1/h-1'], { reason: 'x' })).status).toBe(400);
  });

  it('takes the same entries in another order at the same time', async () => {
    const entries = ['o-1', 'o-2', 'o-3'].map((id) => done(id, 'p-3', 'help'));
    const known = await stored('e-1');
    const blocker = village.county.database.createQueryRunner();
    await blocker.startTransaction();
    // Holds both requests up in the middle of their rows.
    await blocker.manager.insert(LedgerEntryEntity, Object.assign(known, { id: 'o-2' }));
    const requests = [village.declare(...entries), village.declare(...entries.toReversed())];
    await waitFor(async () => {
      const [row] = await village.county.database.query<readonly { readonly waiting: number }[]>(
        "SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      return row?.waiting === 2;
    });
    await blocker.rollbackTransaction();
    await blocker.release();
    expect((await Promise.all(requests)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('answers each of many requests at once for itself, though they share their statements', async () => {
    const asked = [
      ...Array.from({ length: 40 }, (_, n) => done(`g-${n}`, 'p-2', 'help')),
      done('g-0', 'p-2', 'help'),
      done('g-1', 'p-3', 'help'),
      done('g-x', 'nobody', 'help'),
      done('g-y', 'p-2', 'petitioning'),
    ];
    const answers = await Promise.all(asked.map((entry) => village.declare(entry)));
    const outcomes = answers.map(({ status, body }) => (status === 200 ? body['recorded'] : body['code']));
    expect(outcomes.slice(2, 40)).toEqual(Array.from({ length: 38 }, () => 1));
    expect([outcomes[0], outcomes[40]].map(String).toSorted()).toEqual(['0', '1']);
    expect([outcomes[1], outcomes[41]].map(String).toSorted()).toEqual(['1', 'ENTRY_DIFFERS']);
    expect(outcomes.slice(42)).toEqual(['SUBJECT_UNKNOWN', 'ENTRY_RULE_UNKNOWN']);
  });

  it('takes a thousand at once, and a body that large only from staff routes', async () => {
    const many = Array.from({ length: 1_000 }, (_, n) => done(`a-rather-long-key-of-the-client-${n}`, 'p-3', 'help'));
    expect((await village.earn(...many)).status).toBe(200);
    expect(await village.ledger('p-3')).toMatchObject({ points: 10_000, wallet: { balance: 10_000 } });
    const padded = { code: 'A'.repeat(70_000), deviceJwk: {} };
    expect((await village.county.ask('POST', '/v1/enrolments', padded)).status).toBe(413);
  });
});

describe('a resident’s own declaration (申报, F22)', () => {
  const photo = { evidence: [{ kind: 'photo', ref: 'album/1' }] };
  const own = (id: string, more: object = {}): object => ({
    id,
    rule: 'own',
    occurredOn: '2026-09-10',
    ...photo,
    ...more,
  });

  it('comes from the enrolled phone, and is read there with its steps but not with who took them', async () => {
    const phone = await TestPhone.enrol(village.county, 'p-2');
    expect((await phone.send('POST', '/v1/entries', own('own-1'))).body).toEqual({ recorded: 1, existing: 0 });
    expect((await phone.send('POST', '/v1/entries', own('own-1'))).body).toEqual({ recorded: 0, existing: 1 });
    await village.act(village.verifier, 'verify', ['own-1']);
    const { status, text } = await phone.send('GET', '/v1/entries');
    expect(status).toBe(200);
    const entries = (JSON.parse(text) as { entries: readonly { id: string; steps: readonly object[] }[] }).entries;
    expect(entries.find(({ id }) => id === 'own-1')?.steps).toMatchObject([{ act: 'declare' }, { act: 'verify' }]);
    expect(text).not.toContain('verifier');
  });

  it.each<[string, object]>([
    ['ENTRY_EVIDENCE_MISSING', own('x', { evidence: [] })],
    ['ENTRY_ROLE_MISSING', { id: 'x', rule: 'help', occurredOn: '2026-09-10' }],
    ['ENTRY_OF_ANOTHER', own('x', { subject: 'p-3' })],
    ['ENTRY_OF_ANOTHER', own('x', { subject: 'nobody' })],
  ])('is refused with %s', async (code, entry) => {
    const phone = await TestPhone.enrol(village.county, 'p-2');
    expect((await phone.send('POST', '/v1/entries', entry)).body['code']).toBe(code);
  });

  it('needs the proof of a phone', async () => {
    expect((await village.county.ask('POST', '/v1/entries', own('x'))).body['code']).toBe('DEVICE_PROOF_REFUSED');
  });
});

describe('the ledger’s tables (design §5: append-only)', () => {
  it.each([
    'UPDATE ledger_entry SET quantity = 2',
    "UPDATE ledger_entry SET occurred_on = '2026-01-01', state = 'reversed'",
    "UPDATE ledger_entry SET subject_id = (SELECT id FROM subject WHERE handle = 'p-2') WHERE id = 'e-1'",
    'DELETE FROM ledger_entry',
    'TRUNCATE ledger_entry CASCADE',
    "UPDATE entry_step SET actor = 'another'",
    'DELETE FROM entry_step',
    'UPDATE posting SET points = 1',
    'DELETE FROM posting',
  ])('refuse %s', async (statement) => {
    await expect(village.county.database.query(statement)).rejects.toThrow('append-only');
  });

  it('let the state move on, within the states there are', async () => {
    await village.county.database.query("UPDATE ledger_entry SET state = 'rejected' WHERE id = 'e-1'");
    await expect(village.county.database.query("UPDATE ledger_entry SET state = 'cancelled'")).rejects.toThrow('check');
  });

  it('hold no wallet below zero', async () => {
    await expect(village.county.database.query('UPDATE wallet SET balance = -1')).rejects.toThrow('check');
  });
});
