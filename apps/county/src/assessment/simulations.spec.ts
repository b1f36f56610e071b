import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SchemeDocument } from '#libs/scheme';
import type { Answer } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import { household, join, outcome, person, recordSubjects } from '../../../../test/county/sample-subjects.js';
import { SCHEME, villageScheme } from '../../../../test/county/village-scheme.js';

const INVENTED = { source: 'invented' };

const inForce: SchemeDocument = {
  ...villageScheme,
  valid: { from: '2025-01-01' },
  metrics: [
    { id: 'points', over: 'person', formula: { sum: {} }, window: 'year', ...INVENTED },
    { id: 'mean', over: 'household', formula: { mean_per_member: {} }, window: 'year', ...INVENTED },
  ],
  gradings: [
    { id: 'active', predicate: { metric: 'points', op: 'ge', value: 10, code: 'active' }, ...INVENTED },
    { id: 'ahead', predicate: { metric: 'mean', op: 'ge', value: 5, code: 'ahead' }, ...INVENTED },
  ],
};

const { adopted_by: _adopted, ...unadopted } = inForce;
/** Help is worth less, what passed now lasts a year, nobody is credited for honours, and one more grade there is. */
const draft = {
  ...unadopted,
  version: 2,
  valid: { from: '2026-10-01' },
  rules: inForce.rules
    .filter(({ id }) => id !== 'honour')
    .map((rule) => {
      if (rule.id === 'help') return { ...rule, formula: { flat: { points: 7 } } };
      return rule.id === 'passing' ? { ...rule, validity: { months: 12 } } : rule;
    }),
  gradings: [
    ...inForce.gradings,
    { id: 'first', relative: { metric: 'points', vs: 'rank', value: 1, scope: 'scheme', code: 'first' }, ...INVENTED },
  ],
};

let village: RunningVillage;
const simulate = async (period: string, version = 2): Promise<Answer> =>
  village.manager('POST', `/v1/admin/schemes/drafts/${SCHEME}/versions/${version}/simulations`, { period });
const rowsOf = async (table: string): Promise<number> => {
  const [row] = await village.county.database.query<readonly { readonly n: number }[]>(
    `SELECT count(*)::integer AS n FROM ${table}`,
  );
  return row?.n ?? -1;
};

beforeAll(async () => {
  village = await runVillage(inForce);
  const registrar = await village.county.as('registrar');
  await recordSubjects(registrar, [person('p-1'), person('p-2'), person('p-3'), household('h-1')]);
  for (const member of ['p-1', 'p-2', 'p-3']) await join(registrar, member, 'h-1', '2025-01-01');
  const in2025 = (id: string, subject: string, rule: string, day: string, more: object = {}) =>
    done(id, subject, rule, { occurredOn: `2025-${day}`, ...more });
  await village.earn(
    in2025('e-1', 'p-1', 'help', '05-01'),
    in2025('e-2', 'p-2', 'help', '05-01'),
    in2025('e-3', 'p-2', 'hours', '06-01', { quantity: 13 }),
    in2025('e-4', 'p-3', 'passing', '05-30'),
    in2025('e-5', 'p-3', 'honour', '11-02'),
    done('e-6', 'p-3', 'help'),
  );
  await village.manager('POST', '/v1/admin/schemes/drafts', { document: draft });
});
afterAll(() => village.close());

describe('the simulation of a draft', () => {
  it("shows last year's grades and sums under it beside those of the version in force, and who moves", async () => {
    const { status, body } = await simulate('2025');
    expect(status).toBe(200);
    // By the last day of 2025: 10, 13 and 6 points now (what passed in November no longer counts), 7, 10 and 5 under the draft.
    expect(body).toEqual({
      gradings: [
        {
          id: 'active',
          now: { active: 2 },
          draft: { active: 1 },
          moved: [{ from: 'active', to: null, n: 1 }],
        },
        { id: 'ahead', now: { ahead: 1 }, draft: { ahead: 1 }, moved: [] },
        { id: 'first', now: {}, draft: { first: 1 }, moved: [{ from: null, to: 'first', n: 1 }] },
      ],
      metrics: [
        // An honour credits the household by an entry of its own, 6, in place of the person's.
        { id: 'mean', subjects: 1, sumNow: { num: '29', den: '3' }, sumDraft: { num: '22', den: '3' } },
        { id: 'points', subjects: 3, sumNow: { num: '29', den: '1' }, sumDraft: { num: '22', den: '1' } },
      ],
      moves: [
        { subject: 'p-1', grading: 'active', from: 'active', to: null },
        { subject: 'p-2', grading: 'first', from: null, to: 'first' },
      ],
      withoutRule: [{ rule: 'honour', entries: 2 }],
    });
  });

  it('keeps nothing but the audit record, and what an assessment keeps stays its own', async () => {
    const tables = ['assessment_run', 'assessment_result', 'scheme_version'];
    const before = await Promise.all(tables.map(rowsOf));
    const both = await Promise.all([simulate('2025'), simulate('2025')]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(await Promise.all(tables.map(rowsOf))).toEqual(before);
    const [left] = await village.county.database.query<readonly { readonly at: string | null }[]>(
      "SELECT to_regclass('simulated_result')::text AS at",
    );
    expect(left).toEqual({ at: null });
    const audit = await village.county.database.query<readonly object[]>(
      "SELECT actor, target, detail ->> 'period' AS period FROM audit_record WHERE action = 'scheme.simulated'",
    );
    expect(audit.at(-1)).toEqual({ actor: 'manager', target: SCHEME, period: '2025' });
  });

  it('of a scheme that nothing holds for yet stands alone', async () => {
    await village.manager('POST', '/v1/admin/schemes/drafts', { document: { ...draft, id: 'new-points', version: 1 } });
    const { body } = await village.manager('POST', '/v1/admin/schemes/drafts/new-points/versions/1/simulations', {
      period: '2025',
    });
    expect(body['metrics']).toMatchObject([{ id: 'mean', sumNow: null, sumDraft: { num: '0', den: '1' } }, {}]);
  });

  it('names the first 200 who move and counts them all', async () => {
    const registrar = await village.county.as('registrar');
    const crowd = Array.from({ length: 205 }, (_, at) => person(`q-${String(at).padStart(3, '0')}`));
    await recordSubjects(registrar, crowd);
    await village.earn(
      ...crowd.map(({ handle }) => done(`of-${handle}`, handle, 'help', { occurredOn: '2026-02-01' })),
    );
    const { body } = await simulate('2026');
    expect(body['gradings']).toMatchObject([
      { id: 'active', now: { active: 206 }, draft: {}, moved: [{ from: 'active', to: null, n: 206 }] },
      {},
      { id: 'first', moved: [{ from: null, to: 'first', n: 206 }] },
    ]);
    const moves = body['moves'] as readonly { readonly subject: string }[];
    expect([moves.length, moves[0]?.subject, moves[1]?.subject]).toEqual([200, 'p-3', 'q-000']);
  });

  it('is for managers of the place, of a draft there is and a period that has begun', async () => {
    expect(outcome(await simulate('2025', 9))).toEqual([404, 'NOT_FOUND']);
    expect(outcome(await simulate('2027'))).toEqual([422, 'ASSESSMENT_PERIOD_INVALID']);
    expect(outcome(await simulate('2025-13'))).toEqual([422, 'ASSESSMENT_PERIOD_INVALID']);
    const elsewhere = await village.county.asIn('371082005', 'manager');
    const path = `/v1/admin/schemes/drafts/${SCHEME}/versions/2/simulations`;
    expect(outcome(await elsewhere('POST', path, { period: '2025' }))).toEqual([404, 'NOT_FOUND']);
    const collector = await village.county.as('collector');
    expect(outcome(await collector('POST', path, { period: '2025' }))).toEqual([403, 'STAFF_ROLE_MISSING']);
  });
});
