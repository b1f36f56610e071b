import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, START } from '../../../../test/county/running-county.js';
import { ELSEWHERE, outcome, person, recordSubjects, VILLAGE } from '../../../../test/county/sample-subjects.js';
import { deliver } from '../../../../test/county/shop-schemes.js';
import { TODAY, VillageDays } from '../../../../test/county/village-days.js';
import { SCHEME } from '../../../../test/county/village-scheme.js';
import { openRecording } from '../ledger/ledger-clock.js';

let days: VillageDays;
beforeAll(async () => {
  days = await VillageDays.run();
});
afterAll(() => days.village.close());

describe('a redemption day', () => {
  it('is planned once per key, by the place’s own staff, for a scheme that sells', async () => {
    const first = await days.plan({ key: 'same' });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ schemes: [SCHEME], invited: null });
    expect((await days.plan({ key: 'same' })).text).toBe(first.text);
    expect(outcome(await days.plan({ key: 'same', title: 'another' }))).toEqual([409, 'KEY_REUSED']);
    expect(outcome(await days.plan({ scheme: 'none' }))).toEqual([422, 'ENTRY_SCHEME_UNKNOWN']);
    expect(outcome(await days.plan({}, await days.village.county.asIn(ELSEWHERE, 'manager')))).toEqual([
      403,
      'PLACE_OUT_OF_SCOPE',
    ]);
    // The scheme began in 2026.
    expect(outcome(await days.plan({ day: '2025-12-31' }))).toEqual([422, 'DAY_WITHOUT_SHOP']);
    for (const wrong of [{ day: '2026-02-30' }, { title: 'two\nlines' }, { invited: {} }, { invited: { run: 'x' } }])
      expect(outcome(await days.plan(wrong))).toEqual([400, 'BODY_INVALID']);
    const both = { subjects: ['p-1'], run: randomUUID(), grading: 'leading' };
    expect(outcome(await days.plan({ invited: both }))).toEqual([400, 'BODY_INVALID']);
  });

  it('is shown to the place’s own staff only', async () => {
    const day = String((await days.plan()).body['day']);
    const auditor = await days.village.county.asIn(VILLAGE, 'auditor');
    const listed = (await auditor('GET', `/v1/admin/redemption-days?scheme=${SCHEME}`)).body['days'];
    expect(listed).toContainEqual(expect.objectContaining({ day, scheme: SCHEME, on: TODAY, state: 'planned' }));
    const elsewhere = await days.village.county.asIn(ELSEWHERE, 'manager');
    expect((await elsewhere('GET', '/v1/admin/redemption-days')).body).toEqual({ days: [] });
    for (const what of ['', 'pick-list', 'pick-list.csv'])
      expect(outcome(await elsewhere('GET', days.at(day, what)))).toEqual([404, 'NOT_FOUND']);
    const lines = [{ line: 1, subject: 'p-1', sku: 'soap', n: 1 }];
    for (const [what, body] of [
      ['settlement', undefined],
      ['opening', undefined],
      ['paper-batches', { key: 'elsewhere', lines }],
      ['closing', { key: 'elsewhere', counts: [] }],
    ] as const)
      expect(outcome(await elsewhere('POST', days.at(day, what), body))).toEqual([404, 'NOT_FOUND']);
    expect(outcome(await days.shopkeeper('GET', days.at(randomUUID())))).toEqual([404, 'NOT_FOUND']);
  });

  it('sells while it is open, and neither before nor after', async () => {
    const day = String((await days.plan()).body['day']);
    const closed = [409, 'REDEMPTION_CLOSED'];
    expect(outcome(await days.sell(undefined, 'p-2', 'soap', 1))).toEqual(closed);
    expect(outcome(await days.sell(day, 'p-2', 'soap', 1))).toEqual(closed);
    expect(outcome(await days.enter(day, [{ line: 1, subject: 'p-2', sku: 'soap', n: 1 }]))).toEqual(closed);
    expect(outcome(await days.close(day))).toEqual(closed);
    await days.settle(day);
    expect(outcome(await days.sell(day, 'p-2', 'soap', 1))).toEqual(closed);
    expect((await days.open(day)).body).toMatchObject({ day, state: 'open' });
    expect((await days.open(day)).body).toMatchObject({ day, state: 'open' });
    expect((await days.sell(day, 'p-2', 'soap', 1)).body).toMatchObject({ points: 3, balance: 17 });
    const counted = await days.close(day, [], { key: 'the-end' });
    expect(counted.body).toMatchObject({ people: 1, points: 3, items: 1, uninvited: [], absent: [] });
    expect((await days.close(day, [], { key: 'the-end' })).text).toBe(counted.text);
    expect(outcome(await days.close(day, [{ sku: 'soap', counted: 1 }], { key: 'the-end' }))).toEqual([
      409,
      'KEY_REUSED',
    ]);
    for (const again of [days.sell(day, 'p-2', 'soap', 1), days.close(day), days.open(day)])
      expect(outcome(await again)).toEqual(closed);
    expect(await days.show(day)).toMatchObject({ state: 'closed', reconciliation: { people: 1 } });
    const { database } = days.village.county;
    for (const change of [
      "UPDATE redemption_day SET title = 'x' WHERE id = $1",
      'DELETE FROM redemption_day WHERE id = $1',
    ])
      await expect(database.query(change, [day])).rejects.toThrow('append-only');
  });

  it('limits what is limited per event over the whole day, and the next day anew', async () => {
    await deliver(days.village.manager, SCHEME, 'pan', 9);
    const [day, next] = [await days.opened(), await days.opened()];
    expect(outcome(await days.sell(day, 'p-4', 'pan', 3))).toEqual([409, 'LIMIT_EXCEEDED']);
    expect((await days.sell(day, 'p-4', 'pan', 1)).status).toBe(200);
    expect(outcome(await days.sell(day, 'p-4', 'pan', 2))).toEqual([409, 'LIMIT_EXCEEDED']);
    expect([(await days.sell(day, 'p-4', 'pan', 1)).status, (await days.sell(next, 'p-4', 'pan', 2)).status]).toEqual([
      200, 200,
    ]);
  });
});

describe('the settlement before a day', () => {
  const shift = (points: number): Promise<unknown> =>
    days.village.county.database.query(
      "UPDATE wallet SET balance = balance + $1 WHERE subject_id = (SELECT id FROM subject WHERE handle = 'p-3')",
      [points],
    );

  it('finds nothing where every wallet is right, and else names whose is wrong and by how much; then nothing opens', async () => {
    const day = String((await days.plan()).body['day']);
    expect(outcome(await days.open(day))).toEqual([409, 'DAY_NOT_SETTLED']);
    await shift(1);
    expect((await days.settle(day)).body['differences']).toEqual([
      { scheme: SCHEME, subject: 'p-3', code: 'WALLET_NOT_POSTED', difference: 1 },
      { scheme: SCHEME, subject: 'p-3', code: 'WALLET_NOT_EARNED', difference: 1 },
    ]);
    expect(await days.show(day)).toMatchObject({ state: 'planned' });
    expect(outcome(await days.open(day))).toEqual([409, 'DAY_NOT_SETTLED']);
    await shift(-1);
    const { body } = await days.settle(day);
    const [sums] = await days.village.county.database.query<readonly object[]>(
      'SELECT sum(balance)::integer AS points FROM wallet',
    );
    expect(body).toMatchObject({ ...sums, differences: [] });
    expect(await days.show(day)).toMatchObject({ state: 'settled', settlement: body });
    // What was settled may be wrong by the time it is opened.
    await shift(1);
    expect(outcome(await days.open(day))).toEqual([409, 'DAY_NOT_SETTLED']);
    await shift(-1);
    expect(outcome(await days.open(day))).toEqual([200, undefined]);
  });

  it('waits, when the day opens, for what is being recorded, and counts it', async () => {
    const day = String((await days.plan()).body['day']);
    await days.settle(day);
    let opening: Promise<Answer> | undefined;
    await days.village.county.database.transaction(async (manager) => {
      await openRecording(manager, days.village.county.clock.now());
      opening = days.open(day);
      await days.waitingFor('pg_advisory_xact_lock');
      await manager.query(
        "UPDATE wallet SET balance = balance + 1 WHERE subject_id = (SELECT id FROM subject WHERE handle = 'p-3')",
      );
    });
    expect(outcome(await opening!)).toEqual([409, 'DAY_NOT_SETTLED']);
    await shift(-1);
  });
});

describe('the list of those invited', () => {
  const assess = async (): Promise<string> => {
    const assessor = await days.village.county.as('assessor');
    const { body } = await assessor('POST', '/v1/admin/assessments', { scheme: SCHEME, period: '2026' });
    return String(body['run']);
  };

  it('is made of handles, and nobody else is sold anything', async () => {
    expect(outcome(await days.plan({ invited: { subjects: ['p-2', 'ghost'] } }))).toEqual([422, 'SUBJECT_UNKNOWN']);
    expect((await days.plan({ invited: { subjects: ['p-2', 'away'] } })).body).toMatchObject({
      fields: [{ path: '/invited/subjects/1' }],
    });
    const day = await days.opened({ invited: { subjects: ['p-2', 'p-3'] } });
    expect(await days.show(day)).toMatchObject({ invited: 2, list: ['p-2', 'p-3'] });
    expect(outcome(await days.sell(day, 'p-4', 'towel', 1))).toEqual([403, 'NOT_INVITED']);
    expect((await days.sell(day, 'p-2', 'towel', 1)).status).toBe(200);
    // It has happened, so it is in the books; the reconciliation says so.
    expect((await days.enter(day, [{ line: 9, subject: 'p-4', sku: 'towel', n: 1 }])).status).toBe(200);
    expect((await days.close(day)).body).toMatchObject({ people: 2, uninvited: ['p-4'], absent: ['p-3'] });
  });

  it('is made of those to whom a released run gave all the grades named (F04)', async () => {
    const run = await assess();
    const asked = { run, grading: 'leading', also: [{ grading: 'outstanding', grade: 'yes' }] };
    const refused = await days.plan({ invited: asked });
    expect(refused.body).toMatchObject({ code: 'INVITATION_INVALID', fields: [{ path: '/invited/run' }] });
    // Somebody other than who made it.
    await (
      await days.village.county.as('desk')
    )('POST', `/v1/admin/assessments/${run}/release`);
    const listOf = async (invited: object): Promise<unknown> => {
      const { body } = await days.plan({ invited });
      return (await days.show(String(body['day'])))['list'];
    };
    expect(await listOf(asked)).toEqual(['p-1']);
    expect(await listOf({ run, grading: 'outstanding' })).toEqual(['p-1', 'p-5']);
    expect(await listOf({ run, grading: 'outstanding', grade: 'no' })).toEqual([]);
    expect(await listOf({ run, grading: 'leading' })).toEqual(['p-1', 'p-2', 'p-3', 'p-4', 'twin-1']);
    const unknown = await days.plan({ invited: { ...asked, also: [{ grading: 'leading' }, { grading: 'fame' }] } });
    expect(unknown.body).toMatchObject({ code: 'INVITATION_INVALID', fields: [{ path: '/invited/also/1/grading' }] });
  });

  it('is printed without whoever has left since', async () => {
    const registrar = await days.village.county.as('registrar');
    await recordSubjects(registrar, [person('gone')]);
    const day = String((await days.plan({ invited: { subjects: ['p-2', 'gone'] } })).body['day']);
    const printed = async (): Promise<readonly string[]> => {
      const { text } = await days.shopkeeper('GET', days.at(day, 'pick-list.csv'));
      return ['p-2', 'gone'].filter((handle) => text.includes(`,${handle},`));
    };
    expect(await printed()).toEqual(['p-2', 'gone']);
    await registrar('POST', '/v1/admin/subjects/gone/endings', { cause: 'left', on: TODAY });
    expect(await printed()).toEqual(['p-2']);
  });

  it('knows the subject that one on it turned out to be', async () => {
    const day = await days.opened({ invited: { subjects: ['twin-1', 'p-3'] } });
    const registrar = await days.village.county.as('registrar');
    const merge = { into: 'twin-2', reason: 'recorded twice' };
    expect((await registrar('POST', '/v1/admin/subjects/twin-1/merges', merge)).status).toBeLessThan(300);
    expect(await days.show(day)).toMatchObject({ list: ['p-3', 'twin-2'] });
    expect((await days.sell(day, 'twin-2', 'towel', 1)).status).toBe(200);
    expect((await days.close(day)).body).toMatchObject({ people: 1, uninvited: [], absent: ['p-3'] });
  });
});

// Last: what it books is recorded a day ahead of the clock.
describe('the date of a day', () => {
  const DAY_SECONDS = 86_400;
  afterEach(() => days.village.county.clock.set(START));

  it('lies ahead when it is planned', async () => {
    expect((await days.plan({ day: '2026-09-15' })).body).toMatchObject({
      code: 'BODY_INVALID',
      fields: [{ path: '/day' }],
    });
    const planned = await days.plan({ key: 'today' });
    days.village.county.clock.advance(DAY_SECONDS);
    // The answer that was given stays.
    expect((await days.plan({ key: 'today' })).text).toBe(planned.text);
    expect(outcome(await days.plan())).toEqual([400, 'BODY_INVALID']);
  });

  it('is waited for: before it nothing opens', async () => {
    const day = String((await days.plan({ day: '2026-09-17' })).body['day']);
    await days.settle(day);
    expect(outcome(await days.open(day))).toEqual([409, 'DAY_NOT_TODAY']);
    days.village.county.clock.advance(DAY_SECONDS);
    expect(outcome(await days.open(day))).toEqual([200, undefined]);
    expect((await days.sell(day, 'p-2', 'towel', 1)).status).toBe(200);
  });

  it('is the only one on which the counter sells; what was signed for on it is booked by it later too', async () => {
    const [day, late] = [await days.opened(), String((await days.plan()).body['day'])];
    await days.settle(late);
    days.village.county.clock.advance(DAY_SECONDS);
    expect(outcome(await days.sell(day, 'p-2', 'towel', 1))).toEqual([409, 'DAY_NOT_TODAY']);
    // No network all day: nobody could open it before.
    expect(outcome(await days.open(late))).toEqual([200, undefined]);
    expect(outcome(await days.sell(late, 'p-2', 'towel', 1))).toEqual([409, 'DAY_NOT_TODAY']);
    expect((await days.enter(late, [{ line: 1, subject: 'p-2', sku: 'towel', n: 1 }])).status).toBe(200);
    const rows = await days.village.county.database.query<readonly object[]>(
      'SELECT on_day::text AS on FROM redemption WHERE day_id = $1',
      [late],
    );
    expect(rows).toEqual([{ on: TODAY }]);
  });
});
