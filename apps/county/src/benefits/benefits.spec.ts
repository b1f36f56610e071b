import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Benefit, SchemeDocument } from '#libs/scheme';
import type { Answer, Ask } from '../../../../test/county/running-county.js';
import { done, runVillage, type RunningVillage } from '../../../../test/county/running-village.js';
import {
  child,
  ELSEWHERE,
  household,
  join,
  outcome,
  person,
  recordSubjects,
} from '../../../../test/county/sample-subjects.js';
import { SCHEME, villageScheme } from '../../../../test/county/village-scheme.js';

const INVENTED = { source: 'invented' };
const of = (id: string, more: Pick<Benefit, 'requires' | 'effect' | 'provider'>): Benefit => {
  return { id, label_zh: `惠民 ${id}`, statutory: false, ...INVENTED, ...more };
};
const village1: SchemeDocument = {
  ...villageScheme,
  metrics: [
    { id: 'mean', over: 'household', formula: { mean_per_member: {} }, window: 'year', ...INVENTED },
    { id: 'points', over: 'person', formula: { sum: {} }, window: 'year', ...INVENTED },
  ],
  gradings: [
    { id: 'qualified', predicate: { metric: 'mean', op: 'gt', value: 5, code: 'yes' }, ...INVENTED },
    {
      id: 'tier',
      bands: {
        metric: 'points',
        rows: [
          { code: 'T2', ge: 10, ...INVENTED },
          { code: 'T1', lt: 10, ...INVENTED },
        ],
      },
      ...INVENTED,
    },
  ],
  benefits: [
    of('milling', { requires: { grade: { grading: 'qualified', at_least: 'yes' } }, effect: { free: true } }),
    of('loan', {
      provider: '示例银行',
      requires: { grade: { grading: 'tier', at_least: 'T2' } },
      effect: { credit_tier: { limit_yuan: 200_000 } },
    }),
    of('lunch', { requires: { any_of: [{ age: 70 }, { need: '低保户' }] }, effect: { free: true } }),
  ],
};

let village: RunningVillage;
let checks = 0;
const check = async (benefit: string, subject: string, more: object = {}, as?: Ask): Promise<Answer> => {
  const provider = as ?? (await village.county.as('provider'));
  const asked = { key: `check-${(checks += 1)}`, scheme: SCHEME, benefit, subject };
  return provider('POST', '/v1/admin/benefits/checks', { ...asked, ...more });
};
const given = async (benefit: string, subject: string, more: object = {}, as?: Ask): Promise<unknown> => {
  const { status, body } = await check(benefit, subject, more, as);
  return status === 200 ? body : outcome({ status, body } as Answer);
};
const YES = { given: true };
const NO = { given: false };
const needs = async (handle: string, ...list: readonly object[]): Promise<Answer> =>
  (await village.county.as('registrar'))('PUT', `/v1/admin/subjects/${handle}/needs`, { needs: list });
const paper = { need: '低保户', from: '2026-01-01', document: '低保〔2026〕3号' };

beforeAll(async () => {
  village = await runVillage(village1);
  const registrar = await village.county.as('registrar');
  await recordSubjects(registrar, [
    person('p-1'),
    person('p-2'),
    person('old', { birthYear: 1956 }),
    person('younger', { birthYear: 1957 }),
    person('away', { place: ELSEWHERE, birthYear: 1940 }),
    child('c-1'),
    household('h-1'),
    household('h-2'),
  ]);
  await recordSubjects(registrar, [person('gone', { birthYear: 1950 })]);
  await registrar('POST', '/v1/admin/subjects/gone/endings', { cause: 'left', on: '2026-09-15' });
  for (const member of ['p-1', 'c-1']) await join(registrar, member, 'h-1', '2026-01-01');
  await join(registrar, 'p-2', 'h-2', '2026-01-01');
  await village.earn(done('e-1', 'p-1', 'help'), done('e-2', 'p-1', 'passing'));
});
afterAll(() => village.close());

describe('a benefit for a grade', () => {
  it('is given by the released run, to whoever has the grade or belongs to the household that has it', async () => {
    expect(await given('milling', 'p-1')).toEqual(NO);
    const desk = await village.county.as('desk');
    const { body } = await desk('POST', '/v1/admin/assessments', { scheme: SCHEME, period: '2026' });
    expect(await given('milling', 'p-1')).toEqual(NO);
    await (
      await village.county.as('assessor')
    )('POST', `/v1/admin/assessments/${String(body['run'])}/release`);
    for (const handle of ['p-1', 'c-1', 'h-1']) expect(await given('milling', handle)).toEqual(YES);
    // A lower grade, somebody unknown and somebody of elsewhere are one answer.
    for (const handle of ['p-2', 'h-2', 'nobody', 'away']) expect(await given('milling', handle)).toEqual(NO);
  });

  it('that is credit needs the written consent, whose number is kept; the lender learns yes or no', async () => {
    const bank = await village.county.asOf('示例银行', 'provider');
    expect(await given('loan', 'p-1', {}, bank)).toEqual([409, 'CONSENT_MISSING']);
    const consent = { document: '授权书 2026-18' };
    expect(await given('loan', 'p-1', { consent }, bank)).toEqual(YES);
    expect(await given('loan', 'p-2', { consent }, bank)).toEqual(NO);
    expect(await given('loan', 'h-1', { consent }, bank)).toEqual(NO);
    // Any other provider of the place is told nothing, with or without a paper.
    const other = await village.county.asOf('另一家银行', 'provider');
    for (const as of [other, await village.county.as('provider')])
      expect([await given('loan', 'p-1', { consent }, as), await given('loan', 'p-1', {}, as)]).toEqual([
        [403, 'BENEFIT_OF_ANOTHER'],
        [403, 'BENEFIT_OF_ANOTHER'],
      ]);
    expect(await given('milling', 'p-1', {}, other)).toEqual(YES);
    const audit = await village.county.database.query<readonly object[]>(
      "SELECT actor, detail FROM audit_record WHERE action = 'benefit.checked' AND target = 'p-1' AND detail ->> 'benefit' = 'loan'",
    );
    expect(audit).toEqual([
      {
        actor: 'provider-of-示例银行',
        detail: { scheme: SCHEME, benefit: 'loan', given: true, consent: '授权书 2026-18' },
      },
    ]);
  });
});

describe('a benefit for age or need', () => {
  it('never looks at points: whoever reaches the age this year, or whose need or household is on record', async () => {
    expect(await given('lunch', 'old')).toEqual(YES);
    for (const handle of ['younger', 'p-1', 'away', 'gone']) expect(await given('lunch', handle)).toEqual(NO);
    expect((await needs('younger', paper)).body).toEqual({ needs: [paper] });
    expect(await given('lunch', 'younger')).toEqual(YES);
    await needs('h-2', paper);
    expect(await given('lunch', 'p-2')).toEqual(YES);
  });

  it('ends with the need: by its last day, or when the list leaves it out', async () => {
    const until = { ...paper, to: '2026-09-15' };
    await needs('younger', until);
    expect(await given('lunch', 'younger')).toEqual(NO);
    await needs('younger', { ...paper, to: '2026-09-16' });
    expect(await given('lunch', 'younger')).toEqual(YES);
    await needs('younger', { ...paper, from: '2026-09-17' });
    expect(await given('lunch', 'younger')).toEqual(NO);
    expect((await needs('younger')).body).toEqual({ needs: [] });
    expect(await given('lunch', 'younger')).toEqual(NO);
    const [kept] = await village.county.database.query<readonly object[]>(
      "SELECT count(*)::integer AS n FROM subject_need JOIN subject ON subject.id = subject_id WHERE handle = 'younger'",
    );
    expect(kept).toEqual({ n: 4 });
  });

  it('is recorded by the registrar of the place, for people and households', async () => {
    await recordSubjects(await village.county.as('registrar'), [
      { handle: 'g-1', kind: 'group', place: villageScheme.place, name: '一组' },
    ]);
    expect(outcome(await needs('g-1', paper))).toEqual([422, 'SUBJECT_KIND_WRONG']);
    for (const wrong of [{ to: '2025-12-31' }, { from: '2026-02-30' }, { to: '2026-02-30' }, { document: ' ' }])
      expect(outcome(await needs('p-1', { ...paper, ...wrong }))).toEqual([400, 'BODY_INVALID']);
    const other = await village.county.asIn(ELSEWHERE, 'registrar');
    expect((await other('PUT', '/v1/admin/subjects/p-1/needs', { needs: [paper] })).status).toBe(404);
    const provider = await village.county.as('provider');
    expect(outcome(await provider('GET', '/v1/admin/subjects/p-2/needs'))).toEqual([403, 'STAFF_ROLE_MISSING']);
  });
});

describe('a check', () => {
  it('is answered the same under its key, is of a benefit there is, and for providers of the place', async () => {
    const same = { key: 'same' };
    expect([await given('lunch', 'old', same), await given('lunch', 'old', same)]).toEqual([YES, YES]);
    expect(await given('lunch', 'p-1', same)).toEqual([409, 'KEY_REUSED']);
    expect(await given('no-such', 'old')).toEqual([422, 'BENEFIT_UNKNOWN']);
    expect(await given('lunch', 'old', { scheme: 'no-such' })).toEqual([422, 'ENTRY_SCHEME_UNKNOWN']);
    const elsewhere = await village.county.asIn(ELSEWHERE, 'provider');
    const asked = { key: 'elsewhere', scheme: SCHEME, benefit: 'lunch', subject: 'old' };
    expect(outcome(await elsewhere('POST', '/v1/admin/benefits/checks', asked))).toEqual([403, 'PLACE_OUT_OF_SCOPE']);
    const provider = await village.county.as('provider');
    const { body } = await provider('GET', `/v1/admin/schemes/${SCHEME}/benefits`);
    expect(body['benefits']).toMatchObject([
      { id: 'milling', label: '惠民 milling' },
      { id: 'loan', provider: '示例银行', effect: { credit_tier: { limit_yuan: 200_000 } } },
      { id: 'lunch', requires: { any_of: [{ age: 70 }, { need: '低保户' }] } },
    ]);
  });
});
