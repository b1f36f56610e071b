import { readFile, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicJwkOf } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import type { SchemeDocument } from '#libs/scheme';
import { holdAttestation } from '#libs/wallet';
import { type Answer, type Ask, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import { RESIDENTS } from '../../../../test/county/sample-residents.js';
import { child, household, outcome, person, recordSubjects } from '../../../../test/county/sample-subjects.js';
import { makeKey, type PhoneKey, TestPhone } from '../../../../test/county/test-phone.js';
import { schemesFolder } from '../../../../test/county/village-scheme.js';
import { Releases } from '../assessment/releases.service.js';

const haibei = JSON.parse(await readFile('config/schemes/371003/haibei.json', 'utf8')) as SchemeDocument;
const order = ['AAA', 'AA', 'A', 'B', 'C', 'D'];
const importing: SchemeDocument = {
  ...haibei,
  rules: [],
  metrics: [],
  gradings: [{ id: 'grade', positive_floor: 'A', imported: { over: 'person', order }, source: 'invented' }],
};
const SCHEME = importing.id;
const YEAR = { from: '2026-01-01', to: '2026-12-31', document: '文信〔2026〕7号' };

let county: RunningCounty;
let folder: string;
let officer: Ask;
let batches = 0;
const take = async (rows: readonly object[], more: object = {}, as = officer): Promise<Answer> =>
  as('POST', '/v1/admin/imported-grades', { key: `batch-${(batches += 1)}`, scheme: SCHEME, rows, ...more });
const release = async (batch: unknown, as = 'assessor'): Promise<Answer> =>
  (await county.as(as))('POST', `/v1/admin/imported-grades/${String(batch)}/release`);
const inEffect = async (...rows: readonly object[]): Promise<Answer> => release((await take(rows)).body['batch']);
const current = async (handle: string): Promise<Answer> =>
  (await county.as('desk'))('GET', `/v1/admin/residents/${handle}/assessment`);
const row = (subject: string, grade: string | null, more: object = {}): object => ({
  subject,
  grade,
  ...YEAR,
  ...more,
});
const live = (): Promise<unknown[]> =>
  county.database.query(
    'SELECT handle FROM attestation JOIN resident ON resident.id = resident_id WHERE revoked_at IS NULL ORDER BY 1',
  );

async function withPhone(handle: string): Promise<{ readonly phone: TestPhone; readonly key: PhoneKey }> {
  const phone = await TestPhone.enrol(county, handle);
  await phone.consent('rugao-spot');
  return { phone, key: await makeKey() };
}

beforeAll(async () => {
  folder = await schemesFolder(importing);
  county = await runCounty({ schemesFolder: folder });
  officer = await county.as('desk');
  await officer('POST', '/v1/admin/residents', { residents: RESIDENTS });
  const place = '371003';
  await recordSubjects(officer, [child('c-1', { place }), household('h-1', { place }), person('gone', { place })]);
  await officer('POST', '/v1/admin/subjects/gone/endings', { cause: 'left', on: '2026-09-15' });
});
afterAll(async () => {
  await county.close();
  await rm(folder, { recursive: true });
});

describe('imported grades', () => {
  it('count for nothing before somebody else releases them; then they are explained by their document', async () => {
    const taken = await take([row('wd-1', 'AA'), row('wd-2', 'B'), row('wd-3', null)]);
    expect([taken.status, taken.body]).toEqual([
      201,
      {
        batch: expect.any(String),
        scheme: SCHEME,
        fingerprint: expect.stringMatching(/^[\w-]{22}$/),
        importedBy: 'desk',
        grades: { grade: { AA: 1, B: 1 } },
      },
    ]);
    const { batch } = taken.body;
    expect(outcome(await current('wd-1'))).toEqual([404, 'NOT_FOUND']);
    expect(outcome(await release(batch, 'desk'))).toEqual([403, 'RELEASE_BY_ASSESSOR']);
    const shown = await (await county.as('assessor'))('GET', `/v1/admin/imported-grades/${String(batch)}`);
    expect(shown.body).toMatchObject({
      releasedBy: null,
      rows: [{ subject: 'wd-1', name: '王小明', grade: 'AA', ...YEAR }, {}, { subject: 'wd-3', grade: null }],
    });
    const twice = [await release(batch), await release(batch)];
    expect(twice.map(({ body }) => body)).toEqual([1, 2].map(() => ({ released: 3, revoked: 0 })));
    const { body } = await current('wd-1');
    expect(body).toMatchObject({ grade: 'AA', imported: YEAR, base: 0, lines: [], scheme: { id: SCHEME } });
    expect(body['score']).toBeUndefined();
    expect((await current('wd-3')).body).toMatchObject({ grade: '' });
    const results = await officer('GET', `/v1/admin/assessments/${String(batch)}/results?grading=grade&grade=AA`);
    expect(results.body['results']).toMatchObject([{ grades: { grade: 'AA' } }]);
  });

  it('are attested under the fingerprint of the scheme; a lower or withdrawn one revokes', async () => {
    const { phone, key } = await withPhone('wd-1');
    const { body } = await phone.obtain('rugao-spot', key);
    const held = await holdAttestation(String(body['attestation']), publicJwkOf(key.jwk), nodeCrypto);
    expect(held).toMatchObject({ ok: true });
    if (!held.ok) return;
    const { fingerprint } = (await take([row('wd-1', 'AA')])).body;
    expect(held.value.claims.scheme).toEqual({ id: SCHEME, fingerprint });
    expect([...held.value.thresholds.keys()].toSorted()).toEqual(['A', 'AA']);
    // The same grade again, and a grade of somebody else, leave it.
    expect((await inEffect(row('wd-1', 'AA'), row('wd-2', 'C'))).body).toMatchObject({ revoked: 0 });
    expect((await inEffect(row('wd-1', 'A'))).body).toEqual({ released: 1, revoked: 1 });
    expect(await live()).toEqual([]);
    expect((await phone.renew()).status).toBe(200);
    expect((await inEffect(row('wd-1', null))).body).toEqual({ released: 1, revoked: 1 });
    expect(outcome(await phone.renew())).toEqual([422, 'NOTHING_TO_ISSUE']);
  });

  it('hold from their first day to their last, and what rests on them ends with it', async () => {
    const { phone, key } = await withPhone('wd-2');
    await inEffect(row('wd-2', 'AAA', { to: '2026-09-17' }));
    await inEffect(row('wd-2', 'AA', { from: '2026-09-20' }));
    expect((await phone.obtain('rugao-spot', key)).status).toBe(201);
    const releases = county.app.get(Releases, { strict: false });
    const dayAfterDay = async (days: number): Promise<readonly unknown[]> => {
      county.clock.advance(days * 86_400);
      return [await releases.revokeOutdated(), (await current('wd-2')).body['grade']];
    };
    expect(await dayAfterDay(1)).toEqual([0, 'AAA']);
    expect(await dayAfterDay(1)).toEqual([1, '']);
    expect(outcome(await phone.renew())).toEqual([422, 'NOTHING_TO_ISSUE']);
    expect(await dayAfterDay(2)).toEqual([0, 'AA']);
    expect((await phone.renew()).status).toBe(200);
    const [audit] = await county.database.query<readonly object[]>(
      "SELECT actor, detail FROM audit_record WHERE action = 'grades.ended'",
    );
    expect(audit).toEqual({ actor: 'system:calendar', detail: { revoked: 1 } });
    county.clock.advance(-4 * 86_400);
  });

  it('are taken in once under a key', async () => {
    const rows = [row('wd-3', 'A')];
    const both = await Promise.all([take(rows, { key: 'same' }), take(rows, { key: 'same' })]);
    expect(both[0]?.body).toEqual(both[1]?.body);
    expect(outcome(await take([row('wd-3', 'AA')], { key: 'same' }))).toEqual([409, 'KEY_REUSED']);
  });

  it.each([
    ['a stranger', row('nobody', 'A'), 422, 'SUBJECT_UNKNOWN', 'subject'],
    ['a child', row('c-1', 'A'), 422, 'SUBJECT_NOT_SCORED', 'subject'],
    ['a household', row('h-1', 'A'), 422, 'SUBJECT_KIND_WRONG', 'subject'],
    ['somebody who has left', row('gone', 'A'), 409, 'SUBJECT_ENDED', 'subject'],
    ['a grade the scheme does not have', row('wd-2', 'S'), 422, 'GRADE_UNKNOWN', 'grade'],
    ['days out of order', row('wd-2', 'A', { to: '2025-12-31' }), 400, 'BODY_INVALID', 'to'],
    ['a day that does not exist', row('wd-2', 'A', { from: '2026-02-30' }), 400, 'BODY_INVALID', 'from'],
    ['the same person twice', row('wd-1', 'B'), 400, 'BODY_INVALID', 'subject'],
  ])('with %s are refused whole, naming the row', async (_, wrong, status, code, member) => {
    const answer = await take([row('wd-1', 'A'), wrong]);
    expect([...outcome(answer), answer.body['fields']]).toEqual([
      status,
      code,
      [expect.objectContaining({ path: `/rows/1/${member}` })],
    ]);
  });

  it('are for schemes that import, and for assessors of their place', async () => {
    expect(outcome(await take([row('wd-1', 'A')], { scheme: 'no-such' }))).toEqual([422, 'ENTRY_SCHEME_UNKNOWN']);
    expect(outcome(await take([row('wd-1', 'A')], { grading: 'other' }))).toEqual([422, 'IMPORT_NOT_BY_SCHEME']);
    const below = await county.asIn('371003100', 'assessor');
    expect(outcome(await take([row('wd-1', 'A')], {}, below))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    const { batch } = (await take([row('wd-1', 'A')])).body;
    expect((await below('GET', `/v1/admin/imported-grades/${String(batch)}`)).status).toBe(404);
    await expect(county.database.query('DELETE FROM imported_grade')).rejects.toThrow('append-only');
  });
});
