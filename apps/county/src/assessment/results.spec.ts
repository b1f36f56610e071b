import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SchemeDocument } from '#libs/scheme';
import type { Answer } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import { household, join, outcome, person, recordSubjects } from '../../../../test/county/sample-subjects.js';
import { SCHEME, villageScheme } from '../../../../test/county/village-scheme.js';

const INVENTED = { source: 'invented' };
const graded: SchemeDocument = {
  ...villageScheme,
  metrics: [
    { id: 'family', over: 'household', formula: { sum: {} }, window: 'year', ...INVENTED },
    { id: 'yard', over: 'household', formula: { last_label: { rule: 'yard' } }, window: 'all', ...INVENTED },
  ],
  gradings: [
    { id: 'first', relative: { metric: 'family', vs: 'rank', scope: 'scheme', value: 1, code: 'first' }, ...INVENTED },
    { id: 'kept', labels: { metric: 'yard', order: ['好', '中', '差'] }, ...INVENTED },
  ],
};

let village: RunningVillage;
let run: unknown;
const results = async (query: string, role = 'manager'): Promise<Answer> =>
  (await village.county.as(role))('GET', `/v1/admin/assessments/${String(run)}/results?${query}`);

beforeAll(async () => {
  village = await runVillage(graded);
  const registrar = await village.county.as('registrar');
  await recordSubjects(registrar, [person('p-1'), ...['h-1', 'h-2', 'h-3'].map((handle) => household(handle))]);
  await join(registrar, 'p-1', 'h-1', '2026-01-01');
  await village.earn(
    done('e-1', 'p-1', 'help'),
    done('e-2', 'h-2', 'yard', { label: '好' }),
    done('e-3', 'h-3', 'yard', { label: '好', occurredOn: '2026-09-09' }),
    done('e-4', 'h-3', 'yard', { label: '中' }),
  );
  const assessor = await village.county.as('assessor');
  run = (await assessor('POST', '/v1/admin/assessments', { scheme: SCHEME, period: '2026' })).body['run'];
});
afterAll(() => village.close());

describe('the results of a run', () => {
  it('are ranked, and equals share a rank', async () => {
    const { body } = await results('metric=family');
    expect(body).toMatchObject({ metric: 'family', releasedAt: null, total: 3 });
    expect(body['results']).toMatchObject([
      { subject: 'h-1', name: '王*', value: { num: 10, den: 1 }, grades: { first: 'first' }, rank: 1 },
      { subject: 'h-2', value: { num: 5, den: 1 }, grades: {}, rank: 2 },
      { subject: 'h-3', value: { num: 5, den: 1 }, rank: 2 },
    ]);
  });

  it('are those of a grade, with the rank among all', async () => {
    expect((await results('grading=kept')).body).toMatchObject({
      metric: 'yard',
      total: 2,
      results: [
        { subject: 'h-2', value: { label: '好' }, rank: null },
        { subject: 'h-3', value: { label: '中' } },
      ],
    });
    expect((await results('grading=kept&grade=中')).body).toMatchObject({ total: 1, results: [{ subject: 'h-3' }] });
    expect((await results('metric=family&offset=1&limit=1')).body).toMatchObject({
      total: 3,
      results: [{ subject: 'h-2', rank: 2 }],
    });
  });

  it('name a metric, and are shown within the places of who asks', async () => {
    for (const query of ['', 'metric=else', 'grading=else'])
      expect(outcome(await results(query))).toEqual([404, 'NOT_FOUND']);
    const elsewhere = await village.county.asIn('371082005', 'manager');
    expect(outcome(await elsewhere('GET', `/v1/admin/assessments/${String(run)}/results?metric=family`))).toEqual([
      404,
      'NOT_FOUND',
    ]);
    // Nor may a neighbour ask about a place of its own: what a run says of whoever moved there is not its business.
    for (const ask of [village.manager, elsewhere]) {
      const path = `/v1/admin/assessments/${String(run)}/results?metric=family&place=371082005`;
      expect(outcome(await ask('GET', path))).toEqual([404, 'NOT_FOUND']);
    }
    expect((await results('metric=family', 'collector')).status).toBe(403);
  });
});
