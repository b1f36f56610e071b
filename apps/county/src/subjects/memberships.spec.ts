import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Ask, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import {
  child,
  ELSEWHERE,
  household,
  join,
  outcome,
  outcomes,
  person,
  recordSubjects,
} from '../../../../test/county/sample-subjects.js';

let county: RunningCounty;
let registrar: Ask;
const TODAY = '2026-09-16';

interface Tie {
  readonly relation: string;
  readonly handle: string;
  readonly from: string;
  readonly to: string | null;
}
const memberOf = async (handle: string): Promise<readonly Tie[]> =>
  (await registrar('GET', `/v1/admin/subjects/${handle}`)).body['memberOf'] as readonly Tie[];
const leave = (member: string, of: string, to: string): ReturnType<Ask> =>
  registrar('POST', '/v1/admin/memberships/endings', { member, of, to });

beforeAll(async () => {
  county = await runCounty({ place: '371082' });
  registrar = await county.as('registrar');
  await recordSubjects(registrar, [
    ...Array.from({ length: 12 }, (_, n) => person(`p-${n}`)),
    person('mother', { birthYear: 1985 }),
    person('father', { birthYear: 1983 }),
    child('c-1'),
    ...['h-1', 'h-2', 'h-3'].map((handle) => household(handle)),
    { handle: 'g-1', kind: 'group', place: household('').place, name: '一组' },
    household('h-far', { place: ELSEWHERE }),
  ]);
});
afterAll(() => county.close());

describe('belonging to something', () => {
  it('begins and ends with a day, and a repetition changes nothing', async () => {
    expect((await join(registrar, 'p-0', 'h-1', '2026-01-01')).body).toEqual({ recorded: 1, existing: 0 });
    expect((await join(registrar, 'p-0', 'h-1', '2026-01-01')).body).toEqual({ recorded: 0, existing: 1 });
    expect([
      (await leave('p-0', 'h-1', '2026-03-31')).status,
      (await leave('p-0', 'h-1', '2026-03-31')).status,
    ]).toEqual([204, 204]);
    expect((await join(registrar, 'p-0', 'h-1', '2026-01-01')).body).toEqual({ recorded: 0, existing: 1 });
    expect(outcome(await join(registrar, 'p-0', 'h-2', '2026-03-31'))).toEqual([409, 'MEMBERSHIP_OVERLAPS']);
    expect((await join(registrar, 'p-0', 'h-2', '2026-04-01')).status).toBe(200);
    expect(await memberOf('p-0')).toMatchObject([
      { handle: 'h-1', from: '2026-01-01', to: '2026-03-31' },
      { handle: 'h-2', from: '2026-04-01', to: null },
    ]);
  });

  it('counts children, and ties them to their parents', async () => {
    expect((await join(registrar, 'c-1', 'h-3', '2026-01-01')).status).toBe(200);
    for (const parent of ['mother', 'father'])
      expect((await join(registrar, 'c-1', parent, '2018-01-01', { relation: 'child_of' })).status).toBe(200);
    const { body } = await registrar('GET', '/v1/admin/subjects/mother');
    expect(body['members']).toMatchObject([{ relation: 'child_of', handle: 'c-1' }]);
    const third = await join(registrar, 'c-1', 'p-1', '2018-01-01', { relation: 'child_of' });
    expect(outcome(third)).toEqual([409, 'MEMBERSHIP_OVERLAPS']);
    const upside = await join(registrar, 'mother', 'c-1', '2018-01-01', { relation: 'child_of' });
    expect(outcome(upside)).toEqual([422, 'SUBJECT_KIND_WRONG']);
  });

  it.each([
    ['SUBJECT_UNKNOWN', 'member', ['nobody', 'h-1', TODAY]],
    ['SUBJECT_KIND_WRONG', 'of', ['h-1', 'p-1', TODAY]],
    ['SUBJECT_KIND_WRONG', 'of', ['p-1', 'p-2', TODAY]],
    ['SUBJECT_KIND_WRONG', 'of', ['p-1', 'p-1', TODAY]],
    ['MEMBERSHIP_DAY_WRONG', 'from', ['p-1', 'h-1', '2026-09-17']],
    ['MEMBERSHIP_DAY_WRONG', 'from', ['p-1', 'h-1', '2026-02-30']],
    ['MEMBERSHIP_DAY_WRONG', 'from', ['p-1', 'h-1', TODAY, { to: '2026-09-15' }]],
    ['BODY_INVALID', 'from', ['p-1', 'h-1', '01.01.2026']],
  ] as const)('is refused with %s at %s', async (code, member, [one, of, from, more = {}]) => {
    const memberships = [
      { member: 'p-1', of: 'g-1', from: TODAY },
      { member: one, of, from, ...more },
    ];
    const answer = await registrar('POST', '/v1/admin/memberships', { memberships });
    expect(answer.body['code']).toBe(code);
    expect(JSON.stringify(answer.body['fields'])).toContain(`/memberships/1/${member}"`);
    expect(await memberOf('p-1')).toEqual([]);
  });

  it('takes two joins of one request as one after the other', async () => {
    const memberships = ['h-1', 'h-2'].map((of) => ({ member: 'p-2', of, from: TODAY }));
    expect(outcome(await registrar('POST', '/v1/admin/memberships', { memberships }))).toEqual([
      409,
      'MEMBERSHIP_OVERLAPS',
    ]);
  });

  it('ends not before it began nor tomorrow, and only where it was', async () => {
    await join(registrar, 'p-3', 'h-1', '2026-05-01');
    expect(outcome(await leave('p-3', 'h-1', '2026-04-30'))).toEqual([422, 'MEMBERSHIP_DAY_WRONG']);
    expect(outcome(await leave('p-3', 'h-1', '2026-09-17'))).toEqual([422, 'MEMBERSHIP_DAY_WRONG']);
    expect(outcome(await leave('p-3', 'h-2', TODAY))).toEqual([404, 'NOT_FOUND']);
  });

  it('recorded by mistake is taken back, and leaves the way free', async () => {
    await join(registrar, 'p-4', 'h-1', '2026-05-01');
    const mistake = { member: 'p-4', of: 'h-1', from: '2026-05-01', reason: 'another household' };
    expect((await registrar('POST', '/v1/admin/memberships/corrections', mistake)).status).toBe(204);
    expect(await memberOf('p-4')).toEqual([]);
    expect((await join(registrar, 'p-4', 'h-2', '2026-05-01')).status).toBe(200);
    expect(outcome(await registrar('POST', '/v1/admin/memberships/corrections', mistake))).toEqual([404, 'NOT_FOUND']);
  });

  it('in another place is beyond an account confined to this one', async () => {
    const inVillage = await county.asIn(household('').place, 'registrar');
    expect(outcome(await join(inVillage, 'p-5', 'h-far', TODAY))).toEqual([422, 'SUBJECT_UNKNOWN']);
    expect((await join(inVillage, 'p-5', 'h-1', TODAY)).status).toBe(200);
  });

  it('to two households at once, asked of two processes, comes true once', async () => {
    const other = await county.apart();
    const elsewhere = await other.as('registrar');
    for (const member of ['p-6', 'p-7', 'p-8', 'p-9', 'p-10', 'p-11']) {
      const answers = await Promise.all([
        join(registrar, member, 'h-1', TODAY),
        join(elsewhere, member, 'h-2', TODAY),
        join(registrar, member, 'h-3', TODAY),
      ]);
      expect(outcomes(answers)).toEqual(['200', '409 MEMBERSHIP_OVERLAPS', '409 MEMBERSHIP_OVERLAPS']);
      expect(await memberOf(member)).toHaveLength(1);
    }
    await other.close();
  });
});
