import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Ask, runCounty, type RunningCounty } from '../../../../test/county/running-county.js';
import { entry, RESIDENTS, takeEffect } from '../../../../test/county/sample-residents.js';

let county: RunningCounty;
let desk: Ask;
const assess = (year: number): ReturnType<Ask> => desk('POST', '/v1/admin/assessments', { year });
const explained = (handle: string): ReturnType<Ask> => desk('GET', `/v1/admin/residents/${handle}/assessment`);

beforeAll(async () => {
  county = await runCounty();
  desk = await county.as('desk');
  await desk('POST', '/v1/admin/residents', { residents: RESIDENTS });
});
afterAll(() => county.close());

describe('the yearly assessment', () => {
  it('grades every resident and explains it line by line', async () => {
    await takeEffect(county, [
      entry('c-1', 'wd-1', 'honour-county', '2026-05-01'),
      { ...entry('c-2', 'wd-1', 'commitment-kept', '2026-02-01'), quantity: 15 },
      entry('c-3', 'wd-2', 'judgment-unperformed'),
      entry('c-0', 'wd-3', 'honour-city', '2025-12-31'),
    ]);
    const run = await assess(2026);
    expect([run.status, run.body]).toMatchObject([
      201,
      {
        year: 2026,
        cutOff: county.clock.now(),
        scheme: { id: 'cn-371003-haibei', version: 1, fingerprint: expect.stringMatching(/^[\w-]{22}$/) },
        residents: 3,
        grades: { AA: 1, B: 1, A: 1 },
        revoked: 0,
      },
    ]);
    const { body } = await explained('wd-1');
    expect(body).toEqual({
      resident: 'wd-1',
      year: 2026,
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
  });

  it('means the same entries for ever: what is recorded afterwards lies after the cut-off, even in the same second', async () => {
    const cutOff = county.clock.now();
    await takeEffect(county, [entry('late', 'wd-3', 'honour-city')]);
    const [row] = await county.database.query<readonly { readonly at: Date }[]>(
      "SELECT recorded_at AS at FROM ledger_entry WHERE id = 'late'",
    );
    expect(row?.at.getTime()).toBe((cutOff + 1) * 1000);
    const again = await assess(2026);
    expect(again.body).toMatchObject({ cutOff: cutOff + 1, grades: { AA: 1, B: 1, AAA: 1 } });
  });

  it('keeps every run; the latest of the latest year is current', async () => {
    expect((await assess(2025)).body).toMatchObject({ grades: { A: 2, AAA: 1 } });
    expect((await explained('wd-1')).body).toMatchObject({ year: 2026, grade: 'AA' });
    await takeEffect(county, [entry('down', 'wd-1', 'contract-broken')]);
    await assess(2026);
    expect((await explained('wd-1')).body).toMatchObject({ year: 2026, score: 1025, grade: 'A' });
    expect(await county.database.query('SELECT DISTINCT run_id FROM assessment')).toHaveLength(4);
    await expect(county.database.query("UPDATE assessment SET grade = 'AAA'")).rejects.toThrow('append-only');
    await expect(county.database.query('DELETE FROM assessment_run')).rejects.toThrow('append-only');
  });

  it('counts effective entries only', async () => {
    await county.database.query("UPDATE ledger_entry SET state = 'contested' WHERE id = 'down'");
    await assess(2026);
    expect((await explained('wd-1')).body).toMatchObject({ score: 1045 });
  });

  it.each([
    ['that has not begun', 2027, 422, 'ASSESSMENT_YEAR_INVALID'],
    ['before the scheme', 2019, 422, 'ASSESSMENT_YEAR_INVALID'],
    ['that is text', '2026', 400, 'BODY_INVALID'],
  ])('refuses a year %s', async (_, year, status, code) => {
    const answer = await desk('POST', '/v1/admin/assessments', { year });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('has nothing to explain for a stranger or before the first assessment', async () => {
    await desk('POST', '/v1/admin/residents', { residents: [{ ...RESIDENTS[0], handle: 'fresh' }] });
    for (const handle of ['fresh', 'nobody']) expect((await explained(handle)).body['code']).toBe('NOT_FOUND');
  });

  it('shows a score to assessors and auditors only', async () => {
    const statuses = ['assessor', 'auditor', 'issuing_officer', 'collector'].map(async (role) => {
      const ask = await county.as(role);
      return (await ask('GET', '/v1/admin/residents/wd-1/assessment')).status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 200, 403, 403]);
  });

  it('assesses five hundred residents in one request', async () => {
    const many = Array.from({ length: 500 }, (_, n) => ({ ...RESIDENTS[0], handle: `many-${n}` }));
    await desk('POST', '/v1/admin/residents', { residents: many });
    const entries = many.flatMap(({ handle }) => [
      entry(`${handle}-1`, handle, 'contract-kept'),
      entry(`${handle}-2`, handle, 'honour-county'),
    ]);
    await takeEffect(county, entries);
    expect((await assess(2026)).body).toMatchObject({ residents: 504, grades: { AA: 501 } });
  });
});
