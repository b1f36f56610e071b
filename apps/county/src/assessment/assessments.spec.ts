import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, type Ask, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import { assessAndRelease, entry, RESIDENTS, takeEffect } from '../../../../test/county/sample-residents.js';

let county: RunningCounty;
let desk: Ask;
const assess = (period: unknown): ReturnType<Ask> => desk('POST', '/v1/admin/assessments', { period });
const explained = (handle: string): ReturnType<Ask> => desk('GET', `/v1/admin/residents/${handle}/assessment`);
const release = async (run: unknown, as = 'assessor'): Promise<Answer> =>
  (await county.as(as))('POST', `/v1/admin/assessments/${String(run)}/release`);

beforeAll(async () => {
  county = await runCounty();
  desk = await county.as('desk');
  await desk('POST', '/v1/admin/residents', { residents: RESIDENTS });
});
afterAll(() => county.close());

describe('an assessment', () => {
  it('grades every resident inside the database, and explains it line by line from the ledger', async () => {
    await takeEffect(county, [
      entry('c-1', 'wd-1', 'honour-county', '2026-05-01'),
      { ...entry('c-2', 'wd-1', 'commitment-kept', '2026-02-01'), quantity: 15 },
      entry('c-3', 'wd-2', 'judgment-unperformed'),
      entry('c-0', 'wd-3', 'honour-city', '2025-12-31'),
    ]);
    const run = await assess('2026');
    expect([run.status, run.body]).toEqual([
      201,
      {
        run: expect.any(String),
        period: '2026',
        cutOff: county.clock.now(),
        scheme: { id: 'cn-371003-haibei', version: 1, fingerprint: expect.stringMatching(/^[\w-]{22}$/) },
        madeBy: 'desk',
        grades: { grade: { AA: 1, B: 1, A: 1 } },
      },
    ]);
    expect((await release(run.body['run'])).status).toBe(200);
    const { body } = await explained('wd-1');
    expect(body).toEqual({
      run: run.body['run'],
      resident: 'wd-1',
      period: '2026',
      cutOff: county.clock.now(),
      scheme: expect.objectContaining({ id: 'cn-371003-haibei', version: 1 }),
      base: 1000,
      lines: [
        expect.objectContaining({ entry: 'c-2', occurredOn: '2026-02-01', quantity: 15, points: 15 }),
        expect.objectContaining({ entry: 'c-1', label: '获县级诚信类表彰', quantity: 1, points: 30 }),
      ],
      score: 1045,
      grade: 'AA',
    });
    expect((await explained('wd-3')).body).toMatchObject({ score: 1000, lines: [] });
    const kept = await county.database.query<readonly { readonly result: string }[]>(
      'SELECT result FROM assessment_result WHERE subject_id = (SELECT id FROM subject WHERE handle = $1)',
      ['wd-1'],
    );
    expect(kept).toEqual([{ result: '{"grades":{"grade":"AA"},"value":{"den":1,"num":1045}}' }]);
  });

  it('counts for nothing before somebody else releases it; released again, it answers the same', async () => {
    await takeEffect(county, [entry('late', 'wd-3', 'honour-city')]);
    await desk('POST', '/v1/admin/entries', { entries: [entry('waiting', 'wd-3', 'tax-honest')] });
    const { body } = await assess('2026');
    expect((await explained('wd-3')).body).toMatchObject({ score: 1000, grade: 'A' });
    const own = await release(body['run'], 'desk');
    expect([own.status, own.body['code']]).toEqual([403, 'RELEASE_BY_ASSESSOR']);
    const both = await Promise.all([release(body['run']), release(body['run'])]);
    expect(both.map((answer) => [answer.status, answer.body])).toEqual([
      [200, { revoked: 0 }],
      [200, { revoked: 0 }],
    ]);
    expect((await explained('wd-3')).body).toMatchObject({ score: 1050, grade: 'AAA' });
    const { runs } = (await desk('GET', '/v1/admin/assessments')).body as { readonly runs: readonly object[] };
    expect(runs[0]).toEqual({ ...body, releasedBy: 'assessor' });
    expect((await release('6f9619ff-8b86-4d01-b42d-00cf4fc964ff')).status).toBe(404);
  });

  it('means the same entries for ever: what is done afterwards lies after the cut-off, even in the same second', async () => {
    const before = (await explained('wd-3')).body;
    const cutOff = Number(before['cutOff']);
    // One declared before the cut-off and approved after it, one that came afterwards.
    await takeEffect(county, [entry('waiting', 'wd-3', 'tax-honest'), entry('later', 'wd-3', 'contract-broken')]);
    const [row] = await county.database.query<readonly { readonly at: Date }[]>(
      "SELECT recorded_at AS at FROM ledger_entry WHERE id = 'later'",
    );
    expect(row?.at.getTime()).toBe((cutOff + 1) * 1000);
    expect((await explained('wd-3')).body).toEqual(before);
    expect((await assess('2026')).body).toMatchObject({ cutOff: cutOff + 1, grades: { grade: { AA: 2, B: 1 } } });
  });

  it('keeps every run; the latest released one of the latest period is current', async () => {
    expect((await assess('2025')).body).toMatchObject({ grades: { grade: { A: 2, AAA: 1 } } });
    await assessAndRelease(county, '2025');
    expect((await explained('wd-1')).body).toMatchObject({ period: '2026', grade: 'AA' });
    await takeEffect(county, [entry('down', 'wd-1', 'contract-broken')]);
    const older = await assess('2026');
    await assessAndRelease(county);
    expect((await explained('wd-1')).body).toMatchObject({ score: 1025, grade: 'A' });
    const current = (await explained('wd-1')).body;
    await release(older.body['run']);
    expect((await explained('wd-1')).body).toEqual(current);
    const append = 'append-only';
    await expect(county.database.query("UPDATE assessment_result SET result = '{}'")).rejects.toThrow(append);
    await expect(county.database.query('DELETE FROM assessment_run')).rejects.toThrow(append);
    await expect(county.database.query('DELETE FROM assessment_release')).rejects.toThrow(append);
  });

  it('of a month takes the year up to its end', async () => {
    const { body } = await assess('2026-02');
    expect(body).toMatchObject({ grades: { grade: { A: 3 } } });
    const answer = await desk('GET', `/v1/admin/assessments/${String(body['run'])}/subjects/wd-1`);
    expect(answer.body).toMatchObject({
      subject: 'wd-1',
      period: '2026-02',
      metrics: [{ metric: 'score', value: { num: 1015, den: 1 }, grades: { grade: 'A' }, base: 1000 }],
    });
    expect(answer.body['metrics']).toMatchObject([{ lines: [{ entry: 'c-2', points: 15 }] }]);
  });

  it('is not explained away: what the steps do not make is a fault', async () => {
    await county.database.query("UPDATE ledger_entry SET state = 'contested' WHERE id = 'down'");
    await assessAndRelease(county);
    const { status, body } = await explained('wd-1');
    expect([status, body['code']]).toEqual([500, 'ASSESSMENT_MISMATCH']);
    await county.database.query("UPDATE ledger_entry SET state = 'effective' WHERE id = 'down'");
  });

  it.each([
    ['that has not begun', '2027', 422, 'ASSESSMENT_PERIOD_INVALID'],
    ['before the scheme', '2019', 422, 'ASSESSMENT_PERIOD_INVALID'],
    ['without such a day', '2026-02-30', 422, 'ASSESSMENT_PERIOD_INVALID'],
    ['that is a number', 2026, 400, 'BODY_INVALID'],
    ['of another form', '2026-Q5', 400, 'BODY_INVALID'],
  ])('refuses a period %s', async (_, period, status, code) => {
    const answer = await assess(period);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('is of a known scheme, and for assessors of its place', async () => {
    const unknown = await desk('POST', '/v1/admin/assessments', { period: '2026', scheme: 'no-such' });
    expect([unknown.status, unknown.body['code']]).toEqual([422, 'ENTRY_SCHEME_UNKNOWN']);
    const below = await county.asIn('371003100', 'assessor');
    const outside = await below('POST', '/v1/admin/assessments', { period: '2026' });
    expect([outside.status, outside.body['code']]).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    expect((await below('GET', '/v1/admin/assessments')).body).toEqual({ runs: [] });
    expect((await below('GET', '/v1/admin/residents/wd-1/assessment')).status).toBe(404);
    const { runs } = (await desk('GET', '/v1/admin/assessments')).body as { runs: readonly { run: string }[] };
    expect((await below('POST', `/v1/admin/assessments/${runs[0]!.run}/release`)).status).toBe(404);
  });

  it('has nothing to explain for a stranger or before the first assessment', async () => {
    await desk('POST', '/v1/admin/residents', { residents: [{ ...RESIDENTS[0], handle: 'fresh' }] });
    for (const handle of ['fresh', 'nobody']) expect((await explained(handle)).body['code']).toBe('NOT_FOUND');
  });

  it('shows a score to assessors and auditors only', async () => {
    const statuses = ['assessor', 'auditor', 'issuing_officer', 'collector'].map(async (role) => {
      const ask = await county.as(role);
      return (await ask('GET', '/v1/admin/residents/wd-3/assessment')).status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 200, 403, 403]);
  });
});
