import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SchemeDocument } from '#libs/scheme';
import type { Answer, Ask } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import {
  ELSEWHERE,
  household,
  join,
  person,
  recordSubjects,
  VILLAGE,
} from '../../../../test/county/sample-subjects.js';
import { SCHEME, schemesFolder, villageScheme } from '../../../../test/county/village-scheme.js';

const INVENTED = { source: 'invented' };

/** Whom the village compares, and over what time. */
const graded: SchemeDocument = {
  ...villageScheme,
  basis: 'graded',
  metrics: [
    { id: 'points', over: 'person', formula: { sum: {} }, window: 'quarter', ...INVENTED },
    { id: 'mean', over: 'household', formula: { mean_per_member: {} }, window: 'year', ...INVENTED },
    { id: 'yard', over: 'household', formula: { last_label: { rule: 'yard' } }, window: 'all', ...INVENTED },
  ],
  gradings: [
    { id: 'ahead', relative: { metric: 'mean', op: 'gt', vs: 'mean', scope: 'scheme', code: 'ahead' }, ...INVENTED },
    { id: 'kept', labels: { metric: 'yard', order: ['好', '中', '差'] }, ...INVENTED },
    { id: 'active', predicate: { metric: 'points', op: 'ge', value: 10, code: 'active' }, ...INVENTED },
  ],
};

let village: RunningVillage;
const as = async (role: string): Promise<Ask> => village.county.as(role);
const assess = async (period: string): Promise<Answer> =>
  (await as('assessor'))('POST', '/v1/admin/assessments', { scheme: SCHEME, period });
const explained = async (run: unknown, handle: string): Promise<Answer> =>
  (await as('auditor'))('GET', `/v1/admin/assessments/${String(run)}/subjects/${handle}`);

beforeAll(async () => {
  village = await runVillage(graded);
  const registrar = await as('registrar');
  const away = { place: ELSEWHERE };
  const people = [person('p-1'), person('p-2'), person('p-3'), person('p-4', away)];
  await recordSubjects(registrar, [...people, household('h-1'), household('h-2')]);
  for (const [member, of] of [
    ['p-1', 'h-1'],
    ['p-2', 'h-1'],
    ['p-3', 'h-2'],
  ] as const)
    await join(registrar, member, of, '2026-01-01');
  await village.earn(
    done('e-1', 'p-1', 'help'),
    done('e-2', 'p-2', 'hours', { quantity: 5 }),
    done('e-3', 'p-1', 'help', { occurredOn: '2026-03-31' }),
    done('e-4', 'h-2', 'yard', { label: '差', occurredOn: '2026-02-01' }),
    done('e-5', 'h-2', 'yard', { label: '好', occurredOn: '2026-02-02' }),
  );
});
afterAll(() => village.close());

describe('the assessment of a village', () => {
  let year: unknown;

  it('counts members for their household, as an exact mean, and grades what stands out', async () => {
    const { status, body } = await assess('2026');
    year = body['run'];
    // A quarterly metric has no part in a year.
    expect([status, body['grades']]).toEqual([201, { ahead: { ahead: 1 }, kept: { 好: 1 } }]);
    const rows = await village.county.database.query<readonly object[]>(
      `SELECT handle, metric, result FROM assessment_result JOIN subject ON subject.id = subject_id
      ORDER BY handle, metric`,
    );
    expect(rows).toEqual([
      { handle: 'h-1', metric: 'mean', result: '{"grades":{"ahead":"ahead"},"value":{"den":2,"num":21}}' },
      { handle: 'h-1', metric: 'yard', result: '{"grades":{}}' },
      { handle: 'h-2', metric: 'mean', result: '{"grades":{},"value":{"den":1,"num":2}}' },
      { handle: 'h-2', metric: 'yard', result: '{"grades":{"kept":"好"},"value":{"label":"好"}}' },
    ]);
  });

  it('is explained by the members of then, also when one has left since', async () => {
    const before = (await explained(year, 'h-1')).body;
    expect(before['metrics']).toMatchObject([
      {
        metric: 'mean',
        value: { num: 21, den: 2 },
        grades: { ahead: 'ahead' },
        base: 0,
        lines: [
          { entry: 'e-3', points: 10 },
          { entry: 'e-1', points: 10 },
          { entry: 'e-2', points: 1 },
        ],
      },
      { metric: 'yard', grades: {}, lines: [] },
    ]);
    village.county.clock.advance(60);
    const manager = await as('registrar');
    const { status } = await manager('POST', '/v1/admin/memberships/endings', {
      member: 'p-2',
      of: 'h-1',
      to: '2026-09-15',
    });
    expect(status).toBeLessThan(300);
    expect((await explained(year, 'h-1')).body).toEqual(before);
    expect((await assess('2026')).body['grades']).toEqual({ ahead: { ahead: 1 }, kept: { 好: 1 } });
  });

  it('has quarters; whoever lives elsewhere is not assessed', async () => {
    const third = (await assess('2026-Q3')).body;
    expect(third['grades']).toMatchObject({ active: { active: 1 } });
    expect((await explained(third['run'], 'p-1')).body['metrics']).toMatchObject([
      { metric: 'points', value: { num: 10, den: 1 }, lines: [{ entry: 'e-1' }] },
    ]);
    expect((await explained(third['run'], 'p-4')).status).toBe(404);
    const [place] = await village.county.database.query<readonly object[]>(
      `SELECT DISTINCT place FROM subject JOIN assessment_result ON subject_id = subject.id`,
    );
    expect(place).toEqual({ place: VILLAGE });
  });

  it('refuses a document that has lost a rule with entries, and only then', async () => {
    const without = async (...rules: readonly string[]): Promise<unknown> => {
      const folder = await schemesFolder({ ...graded, rules: graded.rules.filter(({ id }) => !rules.includes(id)) });
      const changed = await village.county.again({ schemesFolder: folder });
      try {
        const assessor = await changed.as('assessor');
        const { status, body } = await assessor('POST', '/v1/admin/assessments', { scheme: SCHEME, period: '2026' });
        return [status, body['code']];
      } finally {
        await changed.close();
        await rm(folder, { recursive: true });
      }
    };
    expect(await without('litter')).toEqual([201, undefined]);
    expect(await without('litter', 'help')).toEqual([409, 'LEDGER_RULE_UNKNOWN']);
  });
});
