import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SchemeDocument } from '#libs/scheme';
import { waitFor } from '#libs/testing';
import type { Answer, Ask } from '../../../../test/county/running-county.js';
import { runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import {
  child,
  ELSEWHERE,
  household,
  join,
  outcome,
  outcomes,
  person,
  recordSubjects,
  SUBDISTRICT,
  VILLAGE,
} from '../../../../test/county/sample-subjects.js';
import { TestPhone } from '../../../../test/county/test-phone.js';
import { SCHEME, villageScheme } from '../../../../test/county/village-scheme.js';

const INVENTED = { source: 'invented' };
const kinds = [
  { id: 'road', label_zh: '清扫村路', rule: 'help', ...INVENTED },
  { id: 'canteen', label_zh: '食堂帮厨', rule: 'hours', ...INVENTED },
  { id: 'talk', label_zh: '诚信宣讲', ...INVENTED },
];
const area = { id: 'area-1', schemes: [SCHEME, 'next-points'], transfer: 1, accept_by: '小组', ...INVENTED } as const;
const village1: SchemeDocument = { ...villageScheme, activities: kinds, area: { ...area, shared: ['activities'] } };
const village2: SchemeDocument = { ...village1, id: 'next-points', place: ELSEWHERE };

let village: RunningVillage;
let collector: Ask;
let calls = 0;
const call = async (kind: string, more: object = {}, as = collector): Promise<Answer> =>
  as('POST', '/v1/admin/activities', {
    key: `call-${(calls += 1)}`,
    scheme: SCHEME,
    kind,
    place: VILLAGE,
    day: '2026-09-16',
    title: '清扫村路',
    ...more,
  });
const called = async (kind: string, more: object = {}): Promise<string> =>
  String((await call(kind, more)).body['activity']);
const sheet = (activity: string, body: object, as = collector): Promise<Answer> =>
  as('POST', `/v1/admin/activities/${activity}/sheet`, { key: 'sheet', ...body });
const signUp = (activity: string, subject: string): Promise<Answer> =>
  collector('POST', `/v1/admin/activities/${activity}/sign-ups`, { subject });
const entriesOf = async (activity: string): Promise<readonly object[]> =>
  village.county.database.query(
    `SELECT handle, scheme_id AS scheme, rule_id AS rule, quantity, state, occurred_on::text AS day, evidence
    FROM ledger_entry JOIN subject ON subject.id = subject_id WHERE evidence @> jsonb_build_array(jsonb_build_object('ref', $1::text))
    ORDER BY handle`,
    [activity],
  );

beforeAll(async () => {
  village = await runVillage(village1, village2);
  collector = await village.county.as('collector');
  const registrar = await village.county.as('registrar');
  const group = { handle: 'g-1', kind: 'group', place: VILLAGE, name: '三年级' };
  const people = [person('p-1'), person('p-2'), person('p-3'), person('away', { place: ELSEWHERE })];
  await recordSubjects(registrar, [...people, child('c-1'), household('h-1'), group]);
  await join(registrar, 'p-1', 'h-1', '2026-01-01');
  await recordSubjects(registrar, [person('gone'), person('far', { place: '371082006' })]);
  await registrar('POST', '/v1/admin/subjects/gone/endings', { cause: 'left', on: '2026-09-15' });
});
afterAll(() => village.close());

describe('a call', () => {
  it('is made once under a key, shown to everybody whom it concerns, and to nobody else', async () => {
    const first = await call('road', { key: 'once', hoursExpected: 2 });
    expect([first.status, first.body]).toEqual([
      201,
      {
        activity: expect.any(String),
        scheme: SCHEME,
        kind: 'road',
        place: VILLAGE,
        day: '2026-09-16',
        title: '清扫村路',
        hoursExpected: 2,
        calledBy: 'collector',
        closedAt: null,
      },
    ]);
    expect((await call('road', { key: 'once', hoursExpected: 2 })).body).toEqual(first.body);
    expect(outcome(await call('road', { key: 'once', hoursExpected: 3 }))).toEqual([409, 'KEY_REUSED']);
    const shownIn = async (place: string): Promise<readonly unknown[]> => {
      const { body } = await village.county.ask('GET', `/v1/activities?place=${place}`);
      return (body['activities'] as readonly { readonly activity: string }[]).map(({ activity }) => activity);
    };
    const { activity } = first.body;
    // In the village, in what it lies in, and in the other village of its area.
    for (const place of [VILLAGE, SUBDISTRICT, '371082', ELSEWHERE]) expect(await shownIn(place)).toContain(activity);
    expect(await shownIn('371082006')).toEqual([]);
    village.county.clock.advance(86_400);
    expect(await shownIn(VILLAGE)).toEqual([]);
    village.county.clock.advance(-86_400);
  });

  it('is of a kind that the scheme has, at a place of its own or of its area, by staff of the place', async () => {
    expect(outcome(await call('no-such'))).toEqual([422, 'ACTIVITY_KIND_UNKNOWN']);
    expect(outcome(await call('road', { day: '2025-12-31' }))).toEqual([422, 'ACTIVITY_KIND_UNKNOWN']);
    expect(outcome(await call('road', { day: '2026-02-30' }))).toEqual([400, 'BODY_INVALID']);
    expect(outcome(await call('road', { place: 'nowhere' }))).toEqual([422, 'PLACE_UNKNOWN']);
    expect(outcome(await call('road', { place: '371082006' }))).toEqual([400, 'BODY_INVALID']);
    expect(outcome(await call('road', { place: ELSEWHERE }))).toEqual([201, undefined]);
    const other = await village.county.asIn(ELSEWHERE, 'collector');
    expect(outcome(await call('road', {}, other))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    const id = await called('road');
    expect((await other('GET', `/v1/admin/activities/${id}`)).status).toBe(404);
    const listed = (await other('GET', '/v1/admin/activities')).body['activities'];
    expect(listed).toEqual([expect.objectContaining({ place: ELSEWHERE })]);
    expect(outcome(await sheet(id, { rows: [{ subject: 'away' }] }, other))).toEqual([404, 'NOT_FOUND']);
  });
});

describe('a sign-up', () => {
  it('is noted once, by the desk or by the phone of who will come', async () => {
    const id = await called('road');
    expect((await Promise.all([signUp(id, 'p-1'), signUp(id, 'p-1')])).map(({ status }) => status)).toEqual([204, 204]);
    const phone = await TestPhone.enrol(village.county, 'p-2');
    const path = `/v1/activities/${id}/sign-ups`;
    expect((await phone.send('POST', path, {})).status).toBe(204);
    expect(outcome(await village.county.ask('POST', path, {}))).toEqual([401, 'DEVICE_PROOF_REFUSED']);
    const { body } = await collector('GET', `/v1/admin/activities/${id}`);
    expect(body).toMatchObject({
      signUps: [{ subject: 'p-1', name: '王小明' }, { subject: 'p-2' }],
      rows: [],
      heads: 0,
    });
  });

  it('by phone locks the activity before the person, as a sheet and a merge do: no two wait for each other', async () => {
    const id = await called('road');
    const phone = await TestPhone.enrol(village.county, 'p-3');
    const { database } = village.county;
    const stop = database.createQueryRunner();
    const isHeld = async (): Promise<boolean> =>
      database.query('SELECT FROM activity WHERE id = $1 FOR UPDATE NOWAIT', [id]).then(
        () => false,
        (fault: unknown) => String(fault).includes('could not obtain lock'),
      );
    try {
      for (const [method, body] of [['POST', {}], ['DELETE']] as const) {
        await stop.startTransaction();
        await stop.query("SELECT FROM resident WHERE handle = 'p-3' FOR UPDATE");
        const sent = phone.send(method, `/v1/activities/${id}/sign-ups`, body);
        await waitFor(isHeld, { deadlineMs: 5_000 });
        await stop.rollbackTransaction();
        expect((await sent).status).toBe(204);
      }
    } finally {
      if (stop.isTransactionActive) await stop.rollbackTransaction();
      await stop.release();
    }
  });

  it('is withdrawn by whose it is or by the organiser, until the sheet is posted', async () => {
    const id = await called('road');
    const listed = async (): Promise<readonly string[]> => {
      const { body } = await collector('GET', `/v1/admin/activities/${id}`);
      return (body['signUps'] as readonly { readonly subject: string }[]).map(({ subject }) => subject);
    };
    const strike = (subject: string, as = collector): Promise<Answer> =>
      as('DELETE', `/v1/admin/activities/${id}/sign-ups/${subject}`);
    const phone = await TestPhone.enrol(village.county, 'away');
    const path = `/v1/activities/${id}/sign-ups`;
    for (const who of ['p-1', 'p-2']) await signUp(id, who);
    await phone.send('POST', path, {});
    expect(await listed()).toEqual(['away', 'p-1', 'p-2']);
    expect(outcome(await village.county.ask('DELETE', path))).toEqual([401, 'DEVICE_PROOF_REFUSED']);
    // Again, it changes nothing; and nobody else is taken off.
    expect([(await phone.send('DELETE', path)).status, (await phone.send('DELETE', path)).status]).toEqual([204, 204]);
    expect(await listed()).toEqual(['p-1', 'p-2']);
    const elsewhere = await village.county.asIn(ELSEWHERE, 'collector');
    for (const [who, as] of [['p-1', elsewhere], ['p-3'], ['nobody']] as const)
      expect(outcome(await strike(who, as))).toEqual([404, 'NOT_FOUND']);
    await phone.send('POST', path, {});
    for (const who of ['p-1', 'away']) expect((await strike(who)).status).toBe(204);
    expect(await listed()).toEqual(['p-2']);
    const audit = await village.county.database.query<readonly object[]>(
      "SELECT actor, detail FROM audit_record WHERE action = 'activity.struck' AND target = $1 ORDER BY id",
      [id],
    );
    expect(audit).toEqual(['p-1', 'away'].map((subject) => ({ actor: 'collector', detail: { subject } })));
    await signUp(id, 'p-1');
    await sheet(id, { rows: [{ subject: 'p-1' }] });
    const closed = [409, 'ACTIVITY_CLOSED'];
    expect([outcome(await strike('p-1')), outcome(await phone.send('DELETE', path))]).toEqual([closed, closed]);
    expect(await listed()).toEqual(['p-1', 'p-2']);
  });

  it('is of the subject that one turned out to be', async () => {
    const registrar = await village.county.as('registrar');
    await recordSubjects(registrar, [person('twin-1'), person('twin-2')]);
    const id = await called('road');
    await signUp(id, 'twin-1');
    const merge = { into: 'twin-2', reason: 'recorded twice' };
    expect((await registrar('POST', '/v1/admin/subjects/twin-1/merges', merge)).status).toBeLessThan(300);
    const path = `/v1/admin/activities/${id}`;
    expect((await collector('GET', path)).body).toMatchObject({ signUps: [{ subject: 'twin-2' }] });
    expect((await collector('DELETE', `${path}/sign-ups/twin-2`)).status).toBe(204);
    expect((await collector('GET', path)).body).toMatchObject({ signUps: [] });
  });

  it.each([
    ['a child', 'c-1', 422, 'SUBJECT_NOT_SCORED'],
    ['a household where persons are credited', 'h-1', 422, 'SUBJECT_KIND_WRONG'],
    ['a stranger', 'nobody', 422, 'SUBJECT_UNKNOWN'],
    ['somebody who has left', 'gone', 409, 'SUBJECT_ENDED'],
    ['somebody of neither village of the area', 'far', 422, 'SUBJECT_OUTSIDE_SCHEME'],
  ])('of %s is refused', async (_, handle, status, code) => {
    expect(outcome(await signUp(await called('road'), handle))).toEqual([status, code]);
  });
});

describe('a sign-in sheet', () => {
  it('posts an entry for everybody on it, with the hours where the rule counts them', async () => {
    const id = await called('canteen');
    const rows = [
      { subject: 'p-1', hours: 3 },
      { subject: 'p-2', hours: 5 },
    ];
    const { status, body } = await sheet(id, { rows });
    const entry = (handle: string): string => `${id.replaceAll('-', '')}:${handle}`;
    const entries = ['p-1', 'p-2'].map((subject) => ({ subject, entry: entry(subject) }));
    expect([status, body]).toEqual([200, { entries, heads: 2 }]);
    const common = { scheme: SCHEME, rule: 'hours', state: 'declared', day: '2026-09-16' };
    const evidence = [{ kind: 'sheet', ref: id }];
    expect(await entriesOf(id)).toEqual([
      { handle: 'p-1', quantity: 3, ...common, evidence },
      { handle: 'p-2', quantity: 5, ...common, evidence },
    ]);
    // The ids serve where acts ask for them.
    const ids = entries.map((each) => each.entry);
    expect((await village.act(village.verifier, 'verify', ids)).status).toBe(200);
    expect((await collector('GET', `/v1/admin/activities/${id}`)).body).toMatchObject({ rows, heads: 2 });
  });

  it('closes the activity once: the same sheet again changes nothing, another is refused', async () => {
    const id = await called('road');
    const rows = [{ subject: 'p-1' }, { subject: 'p-3' }];
    const both = await Promise.all([sheet(id, { rows }), sheet(id, { rows })]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(both[0]?.body).toEqual(both[1]?.body);
    expect(await entriesOf(id)).toHaveLength(2);
    expect(outcome(await sheet(id, { rows: rows.slice(1) }))).toEqual([409, 'KEY_REUSED']);
    expect(outcome(await sheet(id, { rows, key: 'another' }))).toEqual([409, 'ACTIVITY_CLOSED']);
    expect(outcome(await signUp(id, 'p-2'))).toEqual([409, 'ACTIVITY_CLOSED']);
    await expect(village.county.database.query('UPDATE activity SET title = key')).rejects.toThrow('append-only');
  });

  it('of two that race, one is posted and the other told so', async () => {
    const id = await called('road');
    const answers = await Promise.all(
      ['p-1', 'p-2', 'p-3'].map((subject) => sheet(id, { key: `by-${subject}`, rows: [{ subject }] })),
    );
    expect(outcomes(answers)).toEqual(['200', '409 ACTIVITY_CLOSED', '409 ACTIVITY_CLOSED']);
    expect(await entriesOf(id)).toHaveLength(1);
  });

  it('is posted whole or not at all, and names the row', async () => {
    const id = await called('canteen');
    const fine = { subject: 'p-1', hours: 2 };
    const refused: readonly [object, number, string, string][] = [
      [{ subject: 'c-1', hours: 2 }, 422, 'SUBJECT_NOT_SCORED', '/rows/1/subject'],
      [{ subject: 'nobody', hours: 2 }, 422, 'SUBJECT_UNKNOWN', '/rows/1/subject'],
      [{ subject: 'p-2' }, 422, 'ENTRY_NOT_BY_RULE', '/rows/1/quantity'],
      [{ subject: 'p-1', hours: 1 }, 400, 'BODY_INVALID', '/rows/1/subject'],
    ];
    for (const [row, status, code, path] of refused) {
      const answer = await sheet(id, { rows: [fine, row] });
      expect([...outcome(answer), answer.body['fields']]).toEqual([status, code, [expect.objectContaining({ path })]]);
    }
    expect(await entriesOf(id)).toEqual([]);
    expect(outcome(await sheet(await called('road', { day: '2026-09-17' }), { rows: [fine] }))).toEqual([
      422,
      'ENTRY_NOT_BY_RULE',
    ]);
  });

  it('may be held by one who stands on it: he declares, and others decide', async () => {
    const { database } = village.county;
    await database.query(
      "UPDATE staff_account SET subject_id = (SELECT id FROM subject WHERE handle = 'p-1') WHERE username IN ('collector', 'verifier')",
    );
    const id = await called('road');
    const holder = await village.county.again();
    const [itself, deciding] = [await holder.as('collector'), await holder.as('verifier')];
    const { body } = await sheet(id, { rows: [{ subject: 'p-1' }, { subject: 'p-2' }] }, itself);
    const [own, other] = (body['entries'] as readonly { readonly entry: string }[]).map(({ entry }) => entry);
    expect(outcome(await village.act(deciding, 'verify', [own!]))).toEqual([403, 'SELF_APPROVAL']);
    expect(outcome(await village.act(deciding, 'verify', [other!]))).toEqual([403, 'DECLARER_APPROVAL']);
    await holder.close();
    await database.query('UPDATE staff_account SET subject_id = NULL');
  });

  it('credits whoever comes from the other village of the area under that village’s own scheme', async () => {
    const id = await called('road');
    expect((await sheet(id, { rows: [{ subject: 'p-1' }, { subject: 'away' }] })).status).toBe(200);
    expect(await entriesOf(id)).toMatchObject([
      { handle: 'away', scheme: 'next-points' },
      { handle: 'p-1', scheme: SCHEME },
    ]);
  });
});

describe('a log', () => {
  it('keeps a group and heads, and refuses names', async () => {
    const id = await called('talk');
    expect(outcome(await sheet(id, { rows: [{ subject: 'p-1' }] }))).toEqual([422, 'ACTIVITY_LOG_ONLY']);
    expect(outcome(await sheet(id, { group: 'p-1', heads: 1 }))).toEqual([422, 'ACTIVITY_LOG_ONLY']);
    expect(outcome(await signUp(id, 'p-1'))).toEqual([422, 'ACTIVITY_LOG_ONLY']);
    expect(outcome(await sheet(id, { group: 'g-1' }))).toEqual([400, 'BODY_INVALID']);
    const tomorrow = await called('talk', { day: '2026-09-17' });
    expect(outcome(await sheet(tomorrow, { group: 'g-1', heads: 31 }))).toEqual([422, 'ENTRY_NOT_BY_RULE']);
    const posted = await sheet(id, { group: 'g-1', heads: 31 });
    expect([posted.status, posted.body]).toEqual([200, { entries: [], heads: 31 }]);
    expect((await sheet(id, { group: 'g-1', heads: 31 })).body).toEqual(posted.body);
    const { body } = await collector('GET', `/v1/admin/activities/${id}`);
    expect(body).toMatchObject({ group: 'g-1', heads: 31, rows: [], signUps: [] });
    expect(await entriesOf(id)).toEqual([]);
    expect(outcome(await sheet(await called('road'), { group: 'g-1', heads: 3 }))).toEqual([400, 'BODY_INVALID']);
  });
});
