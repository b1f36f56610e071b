import fc from 'fast-check';
import type { Grading, Metric, RuleCap, RuleFormula, SchemeDocument, SchemeRule } from '#libs/scheme';

export type Rules = Pick<SchemeDocument, 'rules' | 'metrics' | 'gradings'> & Partial<Pick<SchemeDocument, 'balance'>>;

export const METRIC = 'figure';
export const RULES = ["o'clock", 'r1', 'r2', 'r3'];
/** One that would end a text in SQL and is a parameter, and the names of what every object has. */
export const LABELS = ['好', '中', '差', "it's $1 \\", 'constructor'];

const source = 'ASSUMED';
const points = fc.integer({ min: 1, max: 12 });
const op = fc.constantFrom('gt' as const, 'ge' as const);
const scope = fc.constantFrom('place' as const, 'scheme' as const);

const perUnit = fc.record({
  unit: fc.constant('小时'),
  n: fc.integer({ min: 1, max: 5 }),
  points,
  remainder: fc.constantFrom('carry' as const, 'drop' as const),
});
const ladder = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 4 }),
    fc.array(points, { minLength: 4, maxLength: 4 }),
  )
  .map(([steps, worth]) => ({
    measure: '小时',
    steps: steps.toSorted((one, other) => one - other).map((at, n) => ({ at, points: worth[n]! })),
  }));
const bracket = fc
  .record({ edge: fc.integer({ min: 1, max: 6 }), gap: fc.nat(2), per: fc.option(points), worth: points })
  .map(({ edge, gap, per, worth }) => ({
    measure: '元',
    rows: [
      { from: 1, to: edge, points: worth, ...(per !== null && { per }) },
      { from: edge + 1 + gap, to: edge + 4 + gap, per: 2, points: 3 },
      { from: edge + 6 + gap, points: 4 },
    ],
  }));
const formula: fc.Arbitrary<RuleFormula> = fc.oneof(
  points.map((worth) => ({ flat: { points: worth } })),
  points.map((worth) => ({ deduct: { points: worth } })),
  perUnit.map((drawn) => ({ per_unit: drawn })),
  ladder.map((drawn) => ({ ladder: drawn })),
  bracket.map((drawn) => ({ bracket: drawn })),
  fc.constant({ range: { min: -5, max: 14 } }),
  fc
    .subarray(LABELS, { minLength: 1 })
    .map((labels) => ({ label: Object.fromEntries(labels.map((label, n) => [label, 5 - 4 * n])) })),
  fc
    .record({ grade: fc.constantFrom('A', 'B', 'C', '差', '达标'), months: fc.integer({ min: 1, max: 14 }) })
    .map((override) => ({ override })),
);

const cap: fc.Arbitrary<RuleCap> = fc.record({
  per: fc.constantFrom('event', 'day', 'month', 'quarter', 'year', 'period'),
  points: fc.nat(15),
});

const rule = (id: string): fc.Arbitrary<SchemeRule> =>
  fc
    .record(
      {
        formula,
        cap,
        validity: fc.record({ months: fc.integer({ min: 3, max: 20 }) }),
        subject_kind: fc.constantFrom('person' as const, 'household' as const),
        credits: fc.constantFrom(['household' as const], ['parents' as const]),
      },
      { requiredKeys: ['formula', 'subject_kind'] },
    )
    .map((drawn) => ({ id, category: 'c', label_zh: '例', source, ...drawn }));

const named = fc
  .option(fc.subarray(RULES, { minLength: 1 }), { freq: 2 })
  .map((rules) => (rules === null ? {} : { rules }));
const metric: fc.Arbitrary<Metric> = fc.record({
  id: fc.constant(METRIC),
  over: fc.constantFrom('person' as const, 'household' as const, 'household' as const, 'group' as const),
  window: fc.oneof(
    fc.constantFrom('month' as const, 'quarter' as const, 'year' as const, 'event' as const, 'all' as const),
    fc.integer({ min: 1, max: 15 }).map((months) => ({ rolling: { months } })),
  ),
  formula: fc.oneof(
    named.map((sum) => ({ sum })),
    fc.tuple(fc.integer({ min: 1, max: 20 }), named).map(([base, rules]) => ({ base_plus_sum: { base, ...rules } })),
    { arbitrary: named.map((mean) => ({ mean_per_member: mean })), weight: 2 },
    named.map((count) => ({ count })),
    fc.constantFrom(...RULES).map((last) => ({ last_label: { rule: last } })),
  ),
  source: fc.constant(source),
});

const code = { metric: METRIC, code: '达标' };
const how = fc.oneof(
  fc.tuple(fc.integer({ min: -9, max: 5 }), points).map(([low, size]) => ({
    bands: {
      metric: METRIC,
      rows: [
        { code: 'A', ge: low + size, source },
        { code: 'B', ge: low, lt: low + size, source },
        { code: 'C', lt: low, source },
      ],
    },
  })),
  fc.record({ op, value: fc.integer({ min: -9, max: 9 }) }).map((drawn) => ({ predicate: { ...code, ...drawn } })),
  fc
    .record({ op, scope, vs: fc.constantFrom('mean' as const, 'median' as const) })
    .map((drawn) => ({ relative: { ...code, ...drawn } })),
  fc
    .record({
      scope,
      vs: fc.constantFrom('rank' as const, 'percentile' as const),
      value: fc.constantFrom(1, 2, 33, 34, 50, 67, 100),
    })
    .map((drawn) => ({ relative: { ...code, ...drawn } })),
  fc.constant({ labels: { metric: METRIC, order: ['好', '中', '差'] } }),
  fc.constant({ imported: { over: 'person' as const, order: ['A', 'B'] } }),
);
const gradings: fc.Arbitrary<readonly Grading[]> = fc
  .array(how, { minLength: 2, maxLength: 5 })
  .map((drawn) => drawn.map((each, n): Grading => ({ id: `g${n}`, source, ...each })));

/** Four rules of any kind, one metric, and gradings on it. */
export const drawnScheme: fc.Arbitrary<Rules> = fc.record({
  rules: fc.tuple(...RULES.map(rule)),
  metrics: fc.tuple(metric),
  gradings,
  balance: fc.constantFrom('separate' as const, 'single' as const),
});
