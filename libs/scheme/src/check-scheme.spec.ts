import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { checkScheme } from './check-scheme.js';
import { explainFinding, FAULT_TEXTS, WARNING_TEXTS, type SchemeFaultCode } from './check/fault-texts.js';
import { forbiddenSubjectOf } from './forbidden-subjects.js';
import { schemeWarnings } from './scheme-warnings.js';
import type {
  BandRow,
  Benefit,
  Grading,
  Metric,
  Publicity,
  RuleFormula,
  SchemeDocument,
  SchemeRule,
} from './scheme-document.js';

const wendeng = JSON.parse(readFileSync('config/schemes/371003/haibei.json', 'utf8')) as SchemeDocument;
const source = 'ASSUMED';
const rule = wendeng.rules[0]!;

/** A village scheme with every part: sound, so that each change below makes its own fault and no other. */
const village: SchemeDocument = {
  ...wendeng,
  id: 'cn-371082004-village',
  basis: 'eligibility',
  export: 'badge',
  balance: 'separate',
  subject_kinds: ['person', 'household'],
  rules: [
    made('hours', { per_unit: { unit: '小时', n: 4, points: 1, remainder: 'carry' } }),
    made('visit', { label: { 好: 10, 中: 0, 差: 0 } }, { subject_kind: 'household' }),
    made('litter', { deduct: { points: 5 } }),
  ],
  metrics: [
    metric('each', { mean_per_member: { rules: ['hours'] } }),
    metric('last', { last_label: { rule: 'visit' } }),
    metric('total', { sum: {} }, { over: 'person' }),
  ],
  gradings: [
    {
      id: 'reached',
      predicate: { metric: 'each', op: 'gt', value: 5, code: '达标' },
      badge: { label_zh: '达标家庭', at_least: '达标' },
      source,
    },
    { id: 'tidy', labels: { metric: 'last', order: ['好', '中', '差'] }, source },
    { id: 'first', relative: { metric: 'total', vs: 'percentile', scope: 'place', value: 10, code: '先进' }, source },
  ],
  catalogue: [
    {
      sku: 'towel',
      label_zh: '毛巾',
      kind: 'goods',
      price_points: 10,
      limit: { per: 'event', n: 2 },
      fund: 'village',
      source,
    },
  ],
  funds: [
    { id: 'town', label_zh: '镇基金', inflows: ['collective'], source },
    { id: 'village', label_zh: '村基金', inflows: ['award', 'donation'], from: 'town', source },
  ],
  redemption: { cadence: 'quarter', proxy: true, source },
  benefits: [benefit('农机服务', { grade: { grading: 'reached', at_least: '达标' } })],
  publicity: [
    { surface: 'board', scope: 'place', source },
    { surface: 'black_list', scope: 'group', days: 7, enabled: false, source },
  ],
  activities: [{ id: 'roads', label_zh: '清扫道路', rule: 'hours', source }],
  overridable: ['rules', 'rules/hours', 'catalogue/+', 'publicity/board', 'redemption'],
};

function made(id: string, formula: RuleFormula, more: Partial<SchemeRule> = {}): SchemeRule {
  return { id, category: 'conduct', label_zh: '示例', subject_kind: 'person', formula, source, ...more };
}
function metric(id: string, formula: Metric['formula'], more: Partial<Metric> = {}): Metric {
  return { id, over: 'household', formula, window: 'year', source, ...more };
}
function benefit(label_zh: string, requires: Benefit['requires']): Benefit {
  return { id: 'b', label_zh, requires, effect: { free: true }, statutory: false, source };
}

const withRule = (formula: RuleFormula, more: Partial<SchemeRule> = {}): SchemeDocument => ({
  ...village,
  rules: [...village.rules, made('new', formula, more)],
});
const withMetric = (formula: Metric['formula'], more: Partial<Metric> = {}): SchemeDocument => ({
  ...village,
  metrics: [...village.metrics, metric('new', formula, more)],
});
const withGrading = (grading: Grading): SchemeDocument => ({ ...village, gradings: [...village.gradings, grading] });
const bandsOf = (rows: readonly BandRow[]): Grading => ({ id: 'g', bands: { metric: 'total', rows }, source });
const bands = (...edges: readonly (readonly [code: string, ge?: number | undefined, lt?: number])[]): SchemeDocument =>
  withGrading(
    bandsOf(
      edges.map(([code, ge, lt]) => ({
        code,
        source,
        ...(ge === undefined ? {} : { ge }),
        ...(lt === undefined ? {} : { lt }),
      })),
    ),
  );
const withBadge = (grade: string, over: Metric['over'] = 'household'): SchemeDocument => ({
  ...village,
  subject_kinds: ['person', 'household', 'building'],
  metrics: village.metrics.map((each) => (each.id === 'each' ? { ...each, over } : each)),
  gradings: village.gradings.map((each) =>
    each.id === 'reached' ? { ...each, badge: { label_zh: '达标家庭', at_least: grade } } : each,
  ),
});
const called = (by: string): SchemeDocument => ({
  ...village,
  activities: [{ id: 'roads', label_zh: '清扫道路', rule: by, source }],
});
const [first] = wendeng.gradings;
const predicate = (of: string, op: 'gt' | 'ge', value: number): SchemeDocument =>
  withGrading({ id: 'g', predicate: { metric: of, op, value, code: 'X' }, source });
const steps = (...each: readonly (readonly [number, number])[]): RuleFormula => ({
  ladder: { measure: '小时', steps: each.map(([at, points]) => ({ at, points })) },
});
const rows = (...each: readonly { from: number; to?: number; per?: number }[]): RuleFormula => ({
  bracket: { measure: '元', rows: each.map((row) => ({ ...row, points: 1 })) },
});
const blackList = (days?: number, scope: 'group' | 'place' = 'group'): readonly Publicity[] => [
  { surface: 'black_list', scope, enabled: true, source, ...(days === undefined ? {} : { days }) },
];
const fund = (from?: string, inflows: readonly ('award' | 'donation')[] = ['award']): SchemeDocument => ({
  ...village,
  funds: [...village.funds!, { id: 'new', label_zh: '基金', inflows, source, ...(from === undefined ? {} : { from }) }],
});

type Broken = readonly [code: SchemeFaultCode, path: string, scheme: SchemeDocument];

const BROKEN: readonly Broken[] = [
  ['DAY_UNKNOWN', '/valid/from', { ...village, valid: { from: '2020-02-30' } }],
  ['DAY_UNKNOWN', '/adopted_by/date', { ...village, adopted_by: { ...wendeng.adopted_by!, date: '2020-13-01' } }],
  ['VALIDITY_EMPTY', '/valid/to', { ...village, valid: { from: '2020-01-01', to: '2019-12-31' } }],
  ['ID_DUPLICATE', '/rules/3', { ...village, rules: [...village.rules, village.rules[0]!] }],
  ['ID_DUPLICATE', '/catalogue/1', { ...village, catalogue: [...village.catalogue!, ...village.catalogue!] }],
  ['OVERRIDABLE_UNKNOWN', '/overridable/0', { ...village, overridable: ['rules/none'] }],
  ['OVERRIDABLE_UNKNOWN', '/overridable/0', { ...village, overridable: ['place'] }],
  ['OVERRIDABLE_UNKNOWN', '/overridable/0', { ...village, overridable: ['redemption/+'] }],
  [
    'AREA_WITHOUT_SELF',
    '/area/schemes',
    {
      ...village,
      area: { id: 'a', schemes: ['one', 'two'], shared: ['prices'], transfer: 1, accept_by: '组', source },
    },
  ],
  ['EXPORT_NOT_ALLOWED', '/export', { ...wendeng, basis: 'points' }],
  ['EXPORT_NOT_ALLOWED', '/export', { ...wendeng, subject_kinds: ['person', 'household'] }],
  ['EXPORT_NOT_ALLOWED', '/export', { ...village, export: 'band' }],
  ['EXPORT_FORBIDDEN', '/export', { ...village, basis: 'internal' }],
  ['EXPORT_FORBIDDEN', '/export', { ...village, basis: 'lender' }],
  ['ACTIVITY_RULE_UNFIT', '/activities/0/rule', called('visit')],
  ['ACTIVITY_RULE_UNFIT', '/activities/0/rule', called('litter')],
  ['BADGE_MISSING', '/export', { ...village, gradings: village.gradings.slice(1), benefits: [] }],
  ['BADGE_GRADE_UNKNOWN', '/gradings/0/badge/at_least', withBadge('优秀')],
  ['BADGE_SUBJECT', '/gradings/0/badge', withBadge('达标', 'building')],
  ['MINORS_SCORED', '/rules', { ...minors(), rules: [rule] }],
  ['MINORS_SCORED', '/balance', { ...minors(), balance: 'single' }],
  ['MINORS_SCORED', '/export', { ...minors(), export: 'badge' }],
  [
    'POSITIVE_FLOOR_UNKNOWN',
    '/gradings/0/positive_floor',
    { ...wendeng, gradings: [{ ...first!, positive_floor: 'A+' }] },
  ],
  [
    'POSITIVE_FLOOR_SEVERAL',
    '/gradings/1/positive_floor',
    { ...wendeng, gradings: [first!, { ...first!, id: 'other' }] },
  ],
  ['GRADE_NOT_EXPORTABLE', '/gradings/0', { ...wendeng, gradings: [importedGrades('AA', '良好')] }],
  ['RULE_SUBJECT_FORBIDDEN', '/rules/3', withRule({ flat: { points: 1 } }, { label_zh: '参加宗教活动' })],
  ['RULE_SUBJECT_FORBIDDEN', '/rules/3', withRule({ label: { 信教: -1, 其他: 0 } })],
  [
    'RULE_SUBJECT_FORBIDDEN',
    '/activities/0',
    { ...village, activities: [{ id: 'a', label_zh: '劝返上访', rule: 'hours', source }] },
  ],
  ['SUBJECT_KIND_UNKNOWN', '/rules/3/subject_kind', withRule({ flat: { points: 1 } }, { subject_kind: 'post' })],
  ['SUBJECT_KIND_UNKNOWN', '/metrics/3/over', withMetric({ sum: {} }, { over: 'group' })],
  ['SUBJECT_KIND_UNKNOWN', '/rules/0/credits', { ...wendeng, rules: [{ ...rule, credits: ['household'] }] }],
  ['LADDER_NOT_RISING', '/rules/3/formula/ladder/steps/1', withRule(steps([10, 2], [10, 5]))],
  ['LADDER_NOT_RISING', '/rules/3/formula/ladder/steps/1', withRule(steps([10, 2], [20, 2]))],
  ['BRACKET_EMPTY', '/rules/3/formula/bracket/rows/0', withRule(rows({ from: 9, to: 8 }))],
  ['BRACKET_NOT_RISING', '/rules/3/formula/bracket/rows/1/from', withRule(rows({ from: 1, to: 9 }, { from: 9 }))],
  ['BRACKET_OPEN_INSIDE', '/rules/3/formula/bracket/rows/0', withRule(rows({ from: 1 }, { from: 9 }))],
  ['BRACKET_PER_TOO_LARGE', '/rules/3/formula/bracket/rows/0/per', withRule(rows({ from: 1, to: 9, per: 10 }))],
  ['RANGE_EMPTY', '/rules/3/formula/range', withRule({ range: { min: 5, max: 5 } })],
  ['LABELS_TOO_FEW', '/rules/3/formula/label', withRule({ label: { 好: 1 } })],
  ['LABELS_TOO_FEW', '/rules/3/formula/label', withRule({ label: { A: 1, Ａ: 0 } })],
  ['LABELS_TOO_FEW', '/rules/3/formula/label', withRule({ label: { A: 1, ' ': 0 } })],
  ['CAP_BELOW_ENTRY', '/rules/3/cap/points', withRule({ flat: { points: 10 } }, { cap: { per: 'year', points: 9 } })],
  [
    'CAP_BELOW_ENTRY',
    '/rules/3/cap/points',
    withRule({ range: { min: -9, max: 2 } }, { cap: { per: 'day', points: 8 } }),
  ],
  [
    'OVERRIDE_HAS_NO_POINTS',
    '/rules/3/validity',
    withRule({ override: { grade: '差', months: 24 } }, { validity: { months: 12 } }),
  ],
  ['OVERRIDE_GRADE_UNKNOWN', '/rules/3/formula/override/grade', withRule({ override: { grade: 'Z', months: 24 } })],
  [
    'CREDITS_NOT_OF_PERSON',
    '/rules/3/credits',
    withRule({ flat: { points: 1 } }, { subject_kind: 'household', credits: ['parents'] }),
  ],
  ['RULE_UNKNOWN', '/metrics/3/formula/sum/rules/1', withMetric({ sum: { rules: ['hours', 'none'] } })],
  ['RULE_UNKNOWN', '/metrics/3/formula/last_label/rule', withMetric({ last_label: { rule: 'none' } })],
  ['RULE_UNKNOWN', '/activities/0/rule', { ...village, activities: [{ ...village.activities![0]!, rule: 'none' }] }],
  ['RULE_WITHOUT_LABELS', '/metrics/3/formula/last_label/rule', withMetric({ last_label: { rule: 'hours' } })],
  ['MEAN_WITHOUT_MEMBERS', '/metrics/3/over', withMetric({ mean_per_member: {} }, { over: 'person' })],
  ['METRIC_UNKNOWN', '/gradings/3', predicate('none', 'gt', 5)],
  ['METRIC_NOT_A_NUMBER', '/gradings/3', predicate('last', 'gt', 5)],
  ['METRIC_NOT_A_LABEL', '/gradings/3', withGrading({ id: 'g', labels: { metric: 'total', order: ['好'] }, source })],
  [
    'LABELS_NOT_OF_RULE',
    '/gradings/3/labels/order',
    withGrading({ id: 'g', labels: { metric: 'last', order: ['好', '差'] }, source }),
  ],
  ['GRADE_DUPLICATE', '/gradings/3', bands(['A', 9], ['A', undefined, 9])],
  ['BAND_EMPTY', '/gradings/3/bands/rows/1', bands(['A', 9], ['B', 9, 9], ['C', undefined, 9])],
  ['BANDS_GAP', '/gradings/3/bands/rows/1/lt', bands(['A', 9], ['B', undefined, 8])],
  ['BANDS_OVERLAP', '/gradings/3/bands/rows/1/lt', bands(['A', 9], ['B', undefined, 10])],
  ['BANDS_OVERLAP', '/gradings/3/bands/rows/1/lt', bands(['A', 9], ['B'])],
  ['BANDS_NOT_COVERING', '/gradings/3/bands/rows/0/lt', bands(['A', 9, 20], ['B', undefined, 9])],
  ['BANDS_NOT_COVERING', '/gradings/3/bands/rows/1/ge', bands(['A', 9], ['B', 0, 9])],
  ['PREDICATE_ALWAYS', '/gradings/3/predicate/value', predicate('each', 'ge', 0)],
  ['PREDICATE_ALWAYS', '/gradings/3/predicate/value', predicate('each', 'gt', -1)],
  [
    'PERCENT_BEYOND_HUNDRED',
    '/gradings/3/relative/value',
    withGrading({
      id: 'g',
      relative: { metric: 'total', vs: 'percentile', scope: 'place', value: 101, code: 'X' },
      source,
    }),
  ],
  ['BALANCE_NONE', '/catalogue', without({ ...village, balance: 'none' }, 'redemption')],
  ['BALANCE_NONE', '/redemption', without({ ...village, balance: 'none' }, 'catalogue')],
  ['REDEMPTION_MISSING', '/catalogue', without(village, 'redemption')],
  [
    'LIMIT_WITHOUT_DAY',
    '/catalogue/0/limit/per',
    {
      ...village,
      catalogue: [{ ...village.catalogue![0]!, limit: { per: 'event', n: 1 } }],
      redemption: { ...village.redemption!, cadence: 'any_time' },
    },
  ],
  ['FUND_UNKNOWN', '/catalogue/0/fund', { ...village, catalogue: [{ ...village.catalogue![0]!, fund: 'none' }] }],
  ['FUND_UNKNOWN', '/funds/2/from', fund('none')],
  ['FUND_AWARD_UNCLEAR', '/funds/2', fund()],
  ['FUND_AWARD_UNCLEAR', '/funds/2', fund('new')],
  ['FUND_AWARD_UNCLEAR', '/funds/2', fund('town', ['donation'])],
  [
    'BENEFIT_STATUTORY',
    '/benefits/0/statutory',
    // As the schema lets it in, so that the lint can say why it is refused.
    { ...village, benefits: JSON.parse(JSON.stringify([{ ...village.benefits![0]!, statutory: true }])) as Benefit[] },
  ],
  [
    'BENEFIT_STATUTORY',
    '/benefits/0/label_zh',
    { ...village, benefits: [benefit('优先办理政务事项', { grade: { grading: 'reached', at_least: '达标' } })] },
  ],
  [
    'LENDER_MISSING',
    '/benefits/0',
    { ...village, benefits: [{ ...village.benefits![0]!, effect: { credit_tier: { limit_yuan: 1_000 } } }] },
  ],
  [
    'GRADING_UNKNOWN',
    '/benefits/0/requires/grade/grading',
    { ...village, benefits: [benefit('农机', { grade: { grading: 'none', at_least: '达标' } })] },
  ],
  [
    'BENEFIT_GRADE_UNKNOWN',
    '/benefits/0/requires/grade/at_least',
    { ...village, benefits: [benefit('农机', { grade: { grading: 'tidy', at_least: '达标' } })] },
  ],
  ['BLACK_LIST_DAYS', '/publicity/0', { ...village, export: 'none', publicity: blackList(), overridable: [] }],
  ['BLACK_LIST_DAYS', '/publicity/0', { ...village, export: 'none', publicity: blackList(31), overridable: [] }],
  [
    'BLACK_LIST_SCOPE',
    '/publicity/0/scope',
    { ...village, export: 'none', publicity: blackList(7, 'place'), overridable: [] },
  ],
  ['BLACK_LIST_EXPORTED', '/export', { ...village, publicity: blackList(7), overridable: [] }],
];

function minors(): SchemeDocument {
  const { name_zh, kind, level, place, operator, valid, adopted_by, sources } = wendeng;
  const head = { id: 'school', version: 1, name_zh, kind, level, place, operator, valid, sources };
  const empty = { basis: 'points', export: 'none', balance: 'none', rules: [], metrics: [], gradings: [] } as const;
  return { ...head, ...empty, adopted_by: adopted_by!, subject_kinds: ['person'], minors: true };
}
function importedGrades(...order: readonly string[]): Grading {
  return { id: 'g', positive_floor: order[0]!, imported: { over: 'person', order }, source };
}
function without(scheme: SchemeDocument, part: 'redemption' | 'catalogue'): SchemeDocument {
  const { [part]: _part, ...rest } = { ...scheme, overridable: [] };
  return rest;
}

/** What only a look at the parents can find; `resolve-scheme.spec.ts` breaks these. */
const OF_INHERITANCE: readonly SchemeFaultCode[] = [
  'PARENT_UNKNOWN',
  'PARENT_CYCLE',
  'PARENT_FAULTY',
  'PARENT_TOO_FAR',
  'OVERRIDE_NOT_ALLOWED',
];

describe('checkScheme', () => {
  it('finds nothing in sound documents', () => {
    for (const scheme of [wendeng, village, minors(), { ...wendeng, gradings: [importedGrades('AA', 'A')] }])
      expect(checkScheme(scheme)).toEqual([]);
    expect(checkScheme({ ...village, export: 'none', publicity: blackList(30), overridable: [] })).toEqual([]);
  });

  it.each(BROKEN)('finds %s at %s', (code, path, scheme) => {
    expect(checkScheme(scheme).map((fault) => [fault.code, fault.path])).toEqual([[code, path]]);
  });

  it('is tried with every fault there is a text for', () => {
    const tried = new Set([...BROKEN.map(([code]) => code), ...OF_INHERITANCE]);
    expect([...tried].toSorted()).toEqual(Object.keys(FAULT_TEXTS).toSorted());
  });

  it('finds everything at once', () => {
    const faults = checkScheme({ ...village, valid: { from: '2020-02-30' }, basis: 'internal', overridable: ['x'] });
    expect(faults.map(({ code }) => code)).toEqual(['DAY_UNKNOWN', 'OVERRIDABLE_UNKNOWN', 'EXPORT_FORBIDDEN']);
  });

  it('lets the smallest things be: one day, one amount, all of a hundred', () => {
    const day = { from: '2026-01-01', to: '2026-01-01' };
    const all = { metric: 'total', vs: 'percentile', scope: 'place', value: 100, code: 'X' } as const;
    for (const sound of [
      { ...village, valid: day },
      { ...village, valid: { ...day, to: '2026-12-31' } },
      withRule(rows({ from: 9, to: 9, per: 9 }, { from: 10 })),
      withGrading({ id: 'g', relative: all, source }),
    ])
      expect(checkScheme(sound)).toEqual([]);
  });

  it('knows what can take points off', () => {
    const over = (formula: RuleFormula): SchemeDocument => {
      const scheme = predicate('total', 'ge', 0);
      return { ...scheme, rules: [...village.rules.slice(0, 2), made('litter', formula)] };
    };
    for (const formula of [{ range: { min: -1, max: 5 } }, { label: { 好: 1, 差: -1 } }, { deduct: { points: 1 } }])
      expect(checkScheme(over(formula))).toEqual([]);
    for (const formula of [{ range: { min: 0, max: 5 } }, { label: { 好: 1, 差: 0 } }, { flat: { points: 1 } }])
      expect(checkScheme(over(formula)).map(({ code }) => code)).toEqual(['PREDICATE_ALWAYS']);
  });

  it('says once that a rule is unknown, where a grading reads its labels', () => {
    const metrics = village.metrics.map((one) =>
      one.id === 'last' ? metric('last', { last_label: { rule: 'x' } }) : one,
    );
    expect(checkScheme({ ...village, metrics }).map(({ code }) => code)).toEqual(['RULE_UNKNOWN']);
  });

  it('lets a predicate stand that not everybody meets', () => {
    for (const [of, op, value] of [
      ['each', 'ge', 1],
      ['each', 'gt', 0],
      ['total', 'ge', -5],
    ] as const)
      expect(checkScheme(predicate(of, op, value))).toEqual([]);
  });

  it('lets help by age or need be anything, and ladders, brackets and caps that make sense', () => {
    const lunch = benefit('低保户暖心午餐', { any_of: [{ age: 70 }, { need: '低保户' }] });
    expect(checkScheme({ ...village, benefits: [lunch] })).toEqual([]);
    const amounts = rows(
      { from: 100, to: 1000, per: 100 },
      { from: 1001, to: 5000, per: 400 },
      { from: 9000, per: 1000 },
    );
    for (const sound of [
      withRule(amounts, { cap: { per: 'year', points: 40 } }),
      withRule(steps([10, 2], [20, 5]), { cap: { per: 'year', points: 5 } }),
      withRule({ range: { min: -5, max: 10 } }),
      withRule({ override: { grade: '差', months: 24 } }),
      withRule({ flat: { points: 1 } }, { credits: ['household', 'parents'] }),
    ])
      expect(checkScheme(sound)).toEqual([]);
  });
});

describe('forbidden subjects (domain G1)', () => {
  it.each([
    ['petitioning', '越级上访'],
    ['belief', '参加宗教活动'],
    ['speech', '在微信群发表不当言论'],
    ['family_planning', '违反计划生育'],
    ['illness', '隐瞒病史'],
    ['genes', '提供血型信息'],
    ['petitioning', '信 · 访'],
    ['genes', 'ｄｎａ采集'],
  ])('are found: %s in %s', (subject, label) => {
    expect(forbiddenSubjectOf({ category: 'conduct', label_zh: label })).toBe(subject);
  });

  it('are found by their category whatever the label says; honest rules pass', () => {
    expect(forbiddenSubjectOf({ category: 'family-planning', label_zh: '其他' })).toBe('family_planning');
    for (const label of ['无偿献血', '依法诚信纳税', '主动履行生效法律文书'])
      expect(forbiddenSubjectOf({ category: 'conduct', label_zh: label })).toBeUndefined();
  });
});

describe('schemeWarnings', () => {
  const warnings = (scheme: SchemeDocument): unknown => schemeWarnings(scheme).map(({ code, path }) => [code, path]);

  it('says nothing about an adopted scheme of credit matters, nor about a village that scores volunteering', () => {
    expect(warnings(wendeng)).toEqual([]);
    expect(warnings({ ...village, rules: [made('hours', { flat: { points: 1 } }, { label_zh: '志愿服务' })] })).toEqual(
      [],
    );
  });

  it.each([
    ['志愿服务', 'conduct'],
    ['庭院卫生', 'conduct'],
    ['示例', 'hygiene'],
  ])('warns where a graded scheme scores %s (%s) (domain G1)', (label_zh, category) => {
    const rules = [...wendeng.rules, { ...rule, id: 'new', label_zh, category }];
    expect(warnings({ ...wendeng, rules })).toEqual([['NON_CREDIT_SCORED', `/rules/${wendeng.rules.length}`]]);
  });

  it('warns of a draft', () => {
    const { adopted_by: _adopted, ...draft } = village;
    expect(warnings(draft)).toEqual([['NOT_ADOPTED', '']]);
  });

  it('warns of deductions that never end (domain G7)', () => {
    const all = { ...village, metrics: village.metrics.map((one) => ({ ...one, window: 'all' as const })) };
    expect(warnings(all)).toEqual([['ADVERSE_WITHOUT_END', '/rules/2']]);
    const ending = all.rules.map((one) => ({ ...one, validity: { months: 12 } }));
    expect(warnings({ ...all, rules: ending })).toEqual([]);
  });

  it('warns of a limit for a second approver that no entry of the rule can pass (domain G11)', () => {
    const limited = (formula: RuleFormula, above: number): unknown => {
      const workflow = { declare_by: ['collector' as const], publicise_days: 0, two_people_above: above, source };
      return warnings({ ...village, rules: [...village.rules, made('limited', formula, { workflow })] });
    };
    const never = [['SECOND_APPROVER_NEVER', '/rules/3/workflow/two_people_above']];
    for (const formula of [
      { flat: { points: 5 } },
      { deduct: { points: 5 } },
      { range: { min: -5, max: 1 } },
      { label: { 好: 5, 差: -3 } },
      { ladder: { measure: 'x', steps: [{ at: 1, points: 5 }] } },
    ]) {
      expect(limited(formula, 5)).toEqual(never);
      expect(limited(formula, 4)).toEqual([]);
    }
    // What an amount can come to is not known.
    expect(limited({ per_unit: { unit: '小时', n: 1, points: 1, remainder: 'drop' } }, 5)).toEqual([]);
    expect(limited(rows({ from: 1, per: 1 }), 5)).toEqual([]);
  });
});

describe('what faults and warnings say', () => {
  it.each(Object.entries({ ...FAULT_TEXTS, ...WARNING_TEXTS }))(
    '%s is a sentence in both languages',
    (_code, { zh, en }) => {
      expect(zh).toMatch(/\p{Script=Han}.*。$/u);
      expect(en).toMatch(/^["A-Z].*\.$/);
      expect(zh.includes('{about}')).toBe(en.includes('{about}'));
    },
  );

  it('names what it is about, also where that looks like a pattern', () => {
    expect(explainFinding({ code: 'RULE_UNKNOWN', path: '', about: '$&' }, 'en')).toBe(
      'There is no rule with the id "$&".',
    );
    for (const [code, , scheme] of BROKEN)
      for (const fault of checkScheme(scheme)) {
        expect(explainFinding(fault, 'zh')).not.toContain('{about}');
        expect(FAULT_TEXTS[code].en.includes('{about}')).toBe(fault.about !== undefined);
      }
  });
});
