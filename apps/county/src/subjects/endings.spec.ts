import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { publicJwkOf } from '#libs/jose-profile';
import { GatewayError } from '#libs/platform';
import { type Ask, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import { RESIDENTS, settle } from '../../../../test/county/sample-residents.js';
import { household, join, outcome, person, recordSubjects } from '../../../../test/county/sample-subjects.js';
import { makeKey, TestPhone } from '../../../../test/county/test-phone.js';
import { Merges, type SubjectMerge } from './merges.service.js';

let county: RunningCounty;
let registrar: Ask;
const VILLAGE = { place: '371003' };
const TODAY = '2026-09-16';

type Shown = Readonly<Record<string, unknown>> & {
  readonly memberOf: readonly { readonly handle: string; readonly from: string; readonly to: string | null }[];
  readonly members: readonly { readonly handle: string; readonly to: string | null }[];
};
const show = async (handle: string): Promise<Shown> =>
  (await registrar('GET', `/v1/admin/subjects/${handle}`)).body as Shown;
const act = (handle: string, what: string, body: object, as = registrar): ReturnType<Ask> =>
  as('POST', `/v1/admin/subjects/${handle}/${what}`, body);
const merge = (handle: string, into: string): ReturnType<Ask> => act(handle, 'merges', { into, reason: 'twice' });

beforeAll(async () => {
  county = await runCounty();
  registrar = await county.as('registrar');
  await settle(county);
  await recordSubjects(registrar, [
    ...Array.from({ length: 10 }, (_, n) => person(`p-${n}`, VILLAGE)),
    person('younger', { ...VILLAGE, birthYear: 1990 }),
    person('without', { ...VILLAGE, account: false, documentLast4: undefined }),
    ...Array.from({ length: 6 }, (_, n) => household(`h-${n}`, VILLAGE)),
  ]);
});
afterAll(() => county.close());

describe('a subject that ends', () => {
  it('leaves with that day what it belongs to, and is not changed any more', async () => {
    await join(registrar, 'p-0', 'h-0', '2026-01-01');
    await join(registrar, 'p-1', 'h-0', '2026-09-10');
    const end = { cause: 'dissolved', on: '2026-09-05' };
    expect([(await act('h-0', 'endings', end)).status, (await act('h-0', 'endings', end)).status]).toEqual([204, 204]);
    expect(await show('h-0')).toMatchObject({ endedOn: '2026-09-05', endCause: 'dissolved' });
    // Who joined after the day never was a member.
    expect((await show('h-0')).members).toMatchObject([{ handle: 'p-0', to: '2026-09-05' }]);
    expect(outcome(await act('h-0', 'endings', { ...end, on: TODAY }))).toEqual([409, 'SUBJECT_ENDED']);
    expect(outcome(await join(registrar, 'p-1', 'h-0', '2026-01-01'))).toEqual([409, 'SUBJECT_ENDED']);
    expect(outcome(await registrar('PATCH', '/v1/admin/subjects/h-0', { name: '李家' }))).toEqual([
      409,
      'SUBJECT_ENDED',
    ]);
  });

  it.each([
    ['SUBJECT_KIND_WRONG', 'h-1', { cause: 'died', on: TODAY }],
    ['SUBJECT_KIND_WRONG', 'p-1', { cause: 'dissolved', on: TODAY }],
    ['MEMBERSHIP_DAY_WRONG', 'p-1', { cause: 'died', on: '2026-09-17' }],
    ['MEMBERSHIP_DAY_WRONG', 'p-1', { cause: 'died', on: '2026-02-30' }],
    ['BODY_INVALID', 'p-1', { cause: 'merged', on: TODAY }],
    ['NOT_FOUND', 'nobody', { cause: 'died', on: TODAY }],
  ])('is refused with %s: %s %j', async (code, handle, body) => {
    expect((await act(handle, 'endings', body)).body['code']).toBe(code);
  });

  it('by death takes back proofs and phone at once, voids codes, and keeps the grade as an archive', async () => {
    const [{ handle }] = RESIDENTS;
    const desk = await county.as('desk');
    const phone = await TestPhone.enrol(county, handle);
    await phone.consent('p-1');
    const key = await makeKey();
    expect((await phone.obtain('p-1', key)).status).toBe(201);
    const { body: code } = await desk('POST', `/v1/admin/residents/${handle}/enrolment-codes`);
    expect((await act(handle, 'endings', { cause: 'died', on: TODAY })).status).toBe(204);
    const [live] = await county.database.query<readonly object[]>(
      `SELECT (SELECT count(*)::int FROM attestation WHERE revoked_at IS NULL) AS attestations,
        (SELECT count(*)::int FROM holder_key WHERE ended_at IS NULL) AS keys,
        (SELECT count(*)::int FROM enrolment WHERE ended_at IS NULL) AS phones`,
    );
    expect(live).toEqual({ attestations: 0, keys: 0, phones: 0 });
    expect(outcome(await phone.obtain('p-1', key))).toEqual([401, 'DEVICE_PROOF_REFUSED']);
    const enrolling = await county.ask('POST', '/v1/enrolments', {
      code: code['code'],
      deviceJwk: publicJwkOf(phone.device.jwk),
    });
    expect(outcome(enrolling)).toEqual([403, 'ENROLMENT_CODE_REFUSED']);
    const another = await desk('POST', `/v1/admin/residents/${handle}/enrolment-codes`);
    expect(outcome(another)).toEqual([409, 'SUBJECT_ENDED']);
    expect((await desk('GET', `/v1/admin/residents/${handle}/assessment`)).body).toMatchObject({ grade: 'AA' });
  });

  it('by mistake is open again, with a reason on record, and joins anew', async () => {
    await join(registrar, 'p-2', 'h-1', '2026-01-01');
    await act('p-2', 'endings', { cause: 'left', on: TODAY });
    expect((await act('p-2', 'reopenings', { reason: 'came back' })).status).toBe(204);
    expect(outcome(await act('p-2', 'reopenings', { reason: 'again' }))).toEqual([409, 'CONFLICT']);
    expect(await show('p-2')).toMatchObject({ endedOn: null, memberOf: [{ to: TODAY }] });
  });
});

describe('two records of one subject', () => {
  it('become one: memberships united, the old handle leads to the one left', async () => {
    await join(registrar, 'p-3', 'h-2', '2026-01-01', { to: '2026-03-31' });
    await join(registrar, 'p-3', 'h-3', '2026-04-01');
    await join(registrar, 'p-4', 'h-3', '2026-05-01');
    expect([(await merge('p-3', 'p-4')).status, (await merge('p-3', 'p-4')).status]).toEqual([204, 204]);
    const survivor = await show('p-3');
    expect(survivor).toMatchObject({ handle: 'p-4', endedOn: null });
    expect(survivor.memberOf).toMatchObject([
      { handle: 'h-2', from: '2026-01-01', to: '2026-03-31' },
      { handle: 'h-3', from: '2026-04-01', to: null },
    ]);
    expect((await show('h-3')).members).toMatchObject([{ handle: 'p-4' }]);
    expect((await join(registrar, 'p-3', 'h-3', '2026-04-01')).body).toEqual({ recorded: 0, existing: 1 });
    // Repeating how the absorbed one was recorded still changes nothing.
    expect((await recordSubjects(registrar, [person('p-3', VILLAGE)])).body).toEqual({ recorded: 0, existing: 1 });
  });

  it('are two again when nothing was built on it, exactly as they were', async () => {
    const undo = (handle: string): ReturnType<Ask> => act(handle, 'merge-reversals', { reason: 'two after all' });
    expect((await undo('p-3')).status).toBe(204);
    expect((await show('p-3')).memberOf).toMatchObject([{ handle: 'h-2' }, { handle: 'h-3', from: '2026-04-01' }]);
    expect((await show('p-4')).memberOf).toMatchObject([{ handle: 'h-3', from: '2026-05-01' }]);
    expect(outcome(await undo('p-3'))).toEqual([409, 'CONFLICT']);
    await merge('p-3', 'p-4');
    await registrar('POST', '/v1/admin/memberships/endings', { member: 'p-4', of: 'h-3', to: TODAY });
    expect(outcome(await undo('p-3'))).toEqual([409, 'MERGE_NOT_REVERSIBLE']);
    expect(await show('p-3')).toMatchObject({ handle: 'p-4' });
  });

  it('that are households bring their members together', async () => {
    await join(registrar, 'p-5', 'h-4', '2026-01-01');
    await join(registrar, 'p-6', 'h-5', '2026-02-01');
    expect((await merge('h-4', 'h-5')).status).toBe(204);
    expect((await show('h-4')).members.map(({ handle }) => handle)).toEqual(['p-5', 'p-6']);
    // The member of the household that went is still in one household only.
    expect(outcome(await join(registrar, 'p-5', 'h-1', '2026-03-01'))).toEqual([409, 'MEMBERSHIP_OVERLAPS']);
  });

  it('are refused where they were in different households on one day, and nothing is changed', async () => {
    await join(registrar, 'p-7', 'h-1', '2026-01-01');
    await join(registrar, 'p-8', 'h-2', '2026-02-01');
    expect(outcome(await merge('p-7', 'p-8'))).toEqual([409, 'MEMBERSHIP_OVERLAPS']);
    expect(await show('p-7')).toMatchObject({ handle: 'p-7', endedOn: null, memberOf: [{ handle: 'h-1' }] });
  });

  it.each([
    ['SUBJECT_KIND_WRONG', 'p-9', 'h-2'],
    ['SUBJECT_KIND_WRONG', 'p-9', 'younger'],
    ['SUBJECT_KIND_WRONG', 'p-9', 'without'],
    ['SUBJECT_KIND_WRONG', 'p-9', 'p-9'],
    ['SUBJECT_UNKNOWN', 'p-9', 'nobody'],
    ['NOT_FOUND', 'nobody', 'p-9'],
    ['SUBJECT_ENDED', 'p-9', 'wd-1'],
  ])('are refused with %s: %s into %s', async (code, handle, into) => {
    if (into === 'wd-1') await recordSubjects(registrar, [person('gone', VILLAGE)]);
    if (into === 'wd-1') await act('gone', 'endings', { cause: 'left', on: TODAY });
    expect((await merge(handle, into === 'wd-1' ? 'gone' : into)).body['code']).toBe(code);
  });

  it('merged from both sides at once leave one', async () => {
    await recordSubjects(registrar, [person('one', VILLAGE), person('other', VILLAGE)]);
    const answers = await Promise.all([merge('one', 'other'), merge('other', 'one')]);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    const ended = await county.database.query<readonly object[]>(
      "SELECT 1 FROM subject WHERE handle IN ('one', 'other') AND ended_on IS NOT NULL",
    );
    expect(ended).toHaveLength(1);
  });

  it('are told to whoever keeps something about them, in the same transaction', async () => {
    await recordSubjects(registrar, [person('a', VILLAGE), person('b', VILLAGE)]);
    const told: string[] = [];
    county.app.get(Merges, { strict: false }).subscribe({
      merged: async (_manager: EntityManager, { absorbed }: SubjectMerge) => {
        told.push(absorbed);
        if (told.length === 1) throw new GatewayError('CONFLICT');
      },
      undone: async () => {
        throw new GatewayError('MERGE_NOT_REVERSIBLE');
      },
    });
    expect(outcome(await merge('a', 'b'))).toEqual([409, 'CONFLICT']);
    expect(await show('a')).toMatchObject({ handle: 'a', endedOn: null });
    expect((await merge('a', 'b')).status).toBe(204);
    expect(new Set(told).size).toBe(1);
    expect(outcome(await act('a', 'merge-reversals', { reason: 'x' }))).toEqual([409, 'MERGE_NOT_REVERSIBLE']);
    expect(await show('a')).toMatchObject({ handle: 'b' });
  });
});
