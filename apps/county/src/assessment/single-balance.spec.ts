import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SchemeDocument } from '#libs/scheme';
import type { Answer } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import { household, join, outcome, person, recordSubjects } from '../../../../test/county/sample-subjects.js';
import { SCHEME, villageScheme } from '../../../../test/county/village-scheme.js';
import { Wallets } from '../wallets/wallets.service.js';

const INVENTED = { source: 'invented' };
const YEARLY = { window: 'year', ...INVENTED } as const;

/** What is exchanged falls away from the score itself. */
const single: SchemeDocument = {
  ...villageScheme,
  balance: 'single',
  rules: [
    ...villageScheme.rules,
    {
      ...villageScheme.rules[0]!,
      id: 'huge',
      formula: { per_unit: { unit: '元', n: 1, points: 100_000, remainder: 'drop' } },
    },
  ],
  metrics: [
    { id: 'score', over: 'person', formula: { base_plus_sum: { base: 100 } }, ...YEARLY },
    { id: 'help', over: 'person', formula: { sum: { rules: ['help'] } }, ...YEARLY },
    { id: 'times', over: 'person', formula: { count: {} }, ...YEARLY },
    { id: 'home', over: 'household', formula: { mean_per_member: {} }, ...YEARLY },
  ],
  gradings: [{ id: 'star', predicate: { metric: 'score', op: 'ge', value: 115, code: 'star' }, ...INVENTED }],
};

let village: RunningVillage;
const assess = async (): Promise<Answer> =>
  (await village.county.as('assessor'))('POST', '/v1/admin/assessments', { scheme: SCHEME, period: '2026' });
const explained = async (run: unknown, handle: string): Promise<Answer> =>
  (await village.county.as('auditor'))('GET', `/v1/admin/assessments/${String(run)}/subjects/${handle}`);
const move = async (how: 'spend' | 'credit', key: string, points: number): Promise<void> => {
  const { database, app } = village.county;
  const [row] = await database.query<readonly { readonly id: string }[]>("SELECT id FROM subject WHERE handle = 'p-1'");
  const cause = how === 'spend' ? 'redemption' : 'return';
  const change = { scheme: SCHEME, subject: row!.id, points, cause, key, actor: 'shop' } as const;
  await database.transaction((manager) => app.get(Wallets, { strict: false })[how](manager, change));
};

beforeAll(async () => {
  village = await runVillage(single);
  const registrar = await village.county.as('registrar');
  await recordSubjects(registrar, [person('p-1'), person('p-2'), household('h-1')]);
  for (const member of ['p-1', 'p-2']) await join(registrar, member, 'h-1', '2026-01-01');
  await village.earn(done('e-1', 'p-1', 'help'), done('e-2', 'p-1', 'help'), done('e-3', 'p-2', 'help'));
});
afterAll(() => village.close());

describe('the assessment of a scheme whose score itself is spent', () => {
  it('takes off what was spent and adds what came back, line by line', async () => {
    expect((await assess()).body['grades']).toEqual({ star: { star: 1 } });
    village.county.clock.advance(60);
    await move('spend', 'towel', 8);
    await move('credit', 'towel back', 2);
    const { body } = await assess();
    expect(body['grades']).toEqual({ star: {} });
    const metrics = (await explained(body['run'], 'p-1')).body['metrics'];
    expect(metrics).toMatchObject([
      { metric: 'help', value: { num: 20, den: 1 } },
      {
        metric: 'score',
        value: { num: 114, den: 1 },
        base: 100,
        lines: [
          { entry: 'e-1', points: 10 },
          { entry: 'e-2', points: 10 },
          { rule: 'redemption', label: '兑换', occurredOn: '2026-09-16', points: -8 },
          { rule: 'return', label: '退货退分', points: 2 },
        ],
      },
      { metric: 'times', value: { num: 2, den: 1 } },
    ]);
    // A household's score falls by what its members spend.
    expect((await explained(body['run'], 'h-1')).body['metrics']).toMatchObject([
      { metric: 'home', value: { num: 24, den: 2 } },
    ]);
  });

  it('stays explained as it was made, whatever is spent afterwards', async () => {
    const { body } = await assess();
    const before = await explained(body['run'], 'p-1');
    village.county.clock.advance(60);
    await move('spend', 'oil', 5);
    expect((await explained(body['run'], 'p-1')).body).toEqual(before.body);
  });
});

describe('a number that cannot be kept exactly', () => {
  it.each([
    ['beyond what JSON keeps', 50],
    ['beyond what the database adds up', 50_000],
  ])('is refused, never rounded: %s', async (_, entries) => {
    // No route takes such quantities.
    await village.county.database.query(
      `INSERT INTO ledger_entry (id, subject_id, scheme_id, scheme_version, rule_id, quantity, occurred_on, recorded_at, recorded_by, state)
      SELECT 'huge-' || $1::text || '-' || n, subject.id, $2, 1, 'huge', 2000000000, '2026-09-01', subject.created_at, 'restore', 'effective'
      FROM subject, generate_series(1, $1::integer) AS n WHERE handle = 'p-2'`,
      [entries, SCHEME],
    );
    expect(outcome(await assess())).toEqual([422, 'ASSESSMENT_TOO_LARGE']);
  });
});
