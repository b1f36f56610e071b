import { describe, expect, it } from '@jest/globals';
import type { Metric, RuleFormula, SchemeRule } from '../scheme-document.js';
import { evaluateMetric, type EntryState, type MetricValue, type Membership, type ScoredEntry } from './evaluate.js';
import { explainMetric } from './explain.js';
import { metricTerm } from './metric-term.js';

const source = 'ASSUMED';
const shape = { category: 'c', label_zh: '例', subject_kind: 'person', source } as const;
const rule = (id: string, formula: RuleFormula, more: Partial<SchemeRule> = {}): SchemeRule => ({
  ...shape,
  id,
  formula,
  ...more,
});
const hours = (remainder: 'carry' | 'drop'): RuleFormula => ({
  per_unit: { unit: '小时', n: 4, points: 1, remainder },
});
const ladder: RuleFormula = {
  ladder: {
    measure: '小时',
    // Wendeng, domain 2.2.
    steps: [
      [10, 2],
      [20, 5],
      [50, 10],
      [80, 15],
      [100, 20],
      [150, 25],
      [200, 30],
      [250, 40],
      [300, 50],
    ].map(([at, points]) => ({ at: at!, points: points! })),
  },
};
const donation: RuleFormula = {
  bracket: {
    measure: '元',
    rows: [
      { from: 100, to: 1000, per: 100, points: 1 },
      { from: 1001, to: 5000, per: 400, points: 1 },
      { from: 5001, to: 10_000, per: 500, points: 1 },
      { from: 10_001, per: 1000, points: 1 },
    ],
  },
};
const found: RuleFormula = {
  bracket: {
    measure: '元',
    rows: [
      { from: 100, to: 1000, points: 2 },
      { from: 10_001, points: 10 },
    ],
  },
};

let count = 0;
const entry = (occurredOn = '2026-03-10', more: Partial<ScoredEntry> = {}): ScoredEntry => ({
  id: `e${String((count += 1)).padStart(4, '0')}`,
  subject: 'me',
  rule: 'rule',
  quantity: 1,
  occurredOn,
  recordedAt: at(`${occurredOn}T12:00:00+08:00`),
  state: 'effective',
  ...more,
});
const at = (iso: string): number => Date.parse(iso) / 1000;
const of = (quantity: number, occurredOn?: string): ScoredEntry => entry(occurredOn, { quantity });
const metric = (formula: Metric['formula'] = { sum: {} }, over: Metric['over'] = 'person'): Metric => ({
  id: 'figure',
  over,
  formula,
  window: 'year',
  source,
});
const endOf2026 = { window: { from: '2026-01-01', to: '2026-12-31' }, cutOff: at('2026-12-31T23:59:59+08:00') };

function value(
  rules: readonly SchemeRule[],
  entries: readonly ScoredEntry[],
  time = endOf2026,
  figure = metric(),
  memberships: readonly Membership[] = [],
): MetricValue | undefined {
  return evaluateMetric(metricTerm({ rules }, figure), 'me', { entries, memberships }, time);
}
const points = (formula: RuleFormula, entries: readonly ScoredEntry[], more: Partial<SchemeRule> = {}): number => {
  const result = value([rule('rule', formula, more)], entries);
  return result !== undefined && 'num' in result && result.den === 1 ? result.num : Number.NaN;
};

describe('points of one rule (domain 2.2, 3.3)', () => {
  it('3 h and 5 h at 4 h a point: carried they make 2 points, dropped 1', () => {
    expect(points(hours('carry'), [of(3), of(5)])).toBe(2);
    expect(points(hours('drop'), [of(3), of(5)])).toBe(1);
  });

  it.each([
    [9, 0],
    [10, 2],
    [19, 2],
    [20, 5],
    [299, 40],
    [300, 50],
    [1000, 50],
  ])('a ladder counts the highest step reached: %i h give %i', (total, expected) => {
    expect(points(ladder, [of(4), of(total - 4)])).toBe(expected);
  });

  it.each([
    [99, 0],
    [100, 1],
    [1000, 10],
    [1001, 2],
    [5000, 12],
    [5001, 10],
    [10_000, 20],
    [10_001, 10],
    [39_999, 39],
  ])('a donation of %i yuan gives %i by its bracket', (yuan, expected) => {
    expect(points(donation, [of(yuan)])).toBe(expected);
  });

  it('brackets go entry by entry, at most 40 points a year', () => {
    expect(points(donation, [of(600), of(600)])).toBe(12);
    expect(points(donation, [of(30_000), of(20_000)], { cap: { per: 'year', points: 40 } })).toBe(40);
  });

  it('a row without `per` gives its points once; between rows there is nothing', () => {
    expect([100, 1000, 1001, 10_001, 50_000].map((yuan) => points(found, [of(yuan)]))).toEqual([2, 2, 0, 10, 10]);
  });

  it('flat, deduction, range and label', () => {
    expect(points({ flat: { points: 10 } }, [entry(), entry()])).toBe(20);
    expect(points({ deduct: { points: 50 } }, [entry()])).toBe(-50);
    expect(points({ range: { min: -5, max: 10 } }, [of(-5), of(10)])).toBe(5);
    const inspected = ['好', '中', '差', 'constructor'].map((label) => entry('2026-03-10', { label }));
    expect(points({ label: { 好: 10, 中: 0, 差: -3 } }, [...inspected, entry()])).toBe(7);
  });

  it('a direct grading gives no points', () => {
    expect(points({ override: { grade: 'D', months: 60 } }, [entry()])).toBe(0);
  });
});

describe('caps, in size', () => {
  const days = ['2026-03-01', '2026-03-01', '2026-03-31', '2026-04-01'].map((day) => entry(day));
  it.each([
    ['event', 28],
    ['day', 21],
    ['month', 14],
    ['quarter', 14],
    ['year', 7],
    ['period', 7],
  ] as const)('per %s', (per, expected) => {
    expect(points({ flat: { points: 10 } }, days, { cap: { per, points: 7 } })).toBe(expected);
    expect(points({ deduct: { points: 10 } }, days, { cap: { per, points: 7 } })).toBe(-expected);
  });

  it('carry a remainder inside their span, and not out of it', () => {
    const entries = [of(3, '2026-03-01'), of(5, '2026-03-31'), of(3, '2026-04-01')];
    expect(points(hours('carry'), entries, { cap: { per: 'month', points: 9 } })).toBe(2);
    expect(points(hours('carry'), entries, { cap: { per: 'event', points: 9 } })).toBe(1);
  });

  it('per year go by the calendar in a longer window', () => {
    const capped = rule('rule', { flat: { points: 10 } }, { cap: { per: 'year', points: 15 } });
    const entries = ['2025-06-01', '2025-07-01', '2026-01-01', '2026-02-01'].map((day) => entry(day));
    const time = { ...endOf2026, window: { from: '0001-01-01', to: '2026-12-31' } };
    expect(value([capped], entries, time)).toEqual({ num: 30, den: 1 });
  });
});

describe('which entries count', () => {
  const flat = rule('rule', { flat: { points: 1 } });
  const counted = (entries: readonly ScoredEntry[], more: Partial<SchemeRule> = {}, time = endOf2026): number => {
    const result = value([{ ...flat, ...more }], entries, time);
    return result !== undefined && 'num' in result ? result.num : Number.NaN;
  };

  it('those in effect', () => {
    const states: EntryState[] = ['declared', 'verified', 'publicised', 'rejected', 'contested', 'reversed', 'expired'];
    expect(counted(states.map((state) => entry('2026-03-10', { state })))).toBe(0);
    expect(counted([entry(), entry('2026-03-10', { state: 'upheld' })])).toBe(2);
  });

  it('that happened in the window and not after the cut-off', () => {
    expect(counted(['2025-12-31', '2026-01-01', '2026-12-31', '2027-01-01'].map((day) => entry(day)))).toBe(2);
    const time = { window: endOf2026.window, cutOff: at('2026-06-30T00:00:00+08:00') };
    const recorded = { recordedAt: time.cutOff };
    expect(counted([entry('2026-06-30', recorded), entry('2026-07-01', recorded)], {}, time)).toBe(1);
  });

  it('that were recorded by the cut-off, to the second', () => {
    const { cutOff } = endOf2026;
    const late = [cutOff, cutOff + 1].map((recordedAt) => entry('2026-03-10', { recordedAt }));
    expect(counted(late)).toBe(1);
  });

  it('until they expire, from the day it happened, however late they were recorded', () => {
    const late = entry('2026-01-31', { recordedAt: at('2026-02-27T12:00:00+08:00') });
    const until = (iso: string): number =>
      counted([late], { validity: { months: 1 } }, { window: endOf2026.window, cutOff: at(iso) });
    expect(until('2026-02-27T23:59:59+08:00')).toBe(1);
    expect(until('2026-02-28T00:00:00+08:00')).toBe(0);
  });

  it('under a rule of the metric, of the subject itself', () => {
    expect(counted([entry('2026-03-10', { rule: 'other' }), entry('2026-03-10', { subject: 'you' })])).toBe(0);
    const rules = [flat, rule('other', { flat: { points: 10 } })];
    const both = [entry(), entry('2026-03-10', { rule: 'other' })];
    expect(value(rules, both)).toEqual({ num: 11, den: 1 });
    expect(value(rules, both, endOf2026, metric({ sum: { rules: ['other'] } }))).toEqual({ num: 10, den: 1 });
    expect(value(rules, both, endOf2026, metric({ base_plus_sum: { base: 1000, rules: ['other'] } }))).toEqual({
      num: 1010,
      den: 1,
    });
  });
});

describe('counts and labels', () => {
  it('counts entries, whatever their points', () => {
    const rules = [rule('rule', { deduct: { points: 9 } }, { cap: { per: 'year', points: 0 } })];
    expect(value(rules, [entry(), entry()], endOf2026, metric({ count: {} }))).toEqual({ num: 2, den: 1 });
  });

  it('finds the last label: by the day, then by id', () => {
    const rules = [rule('rule', { label: { 好: 1, 差: 0 } })];
    const last = metric({ last_label: { rule: 'rule' } });
    const on = (id: string, day: string, label: string): ScoredEntry => entry(day, { id, label });
    const entries = [on('b', '2026-05-01', '好'), on('a', '2026-05-01', '差'), on('c', '2026-04-01', '差')];
    expect(value(rules, entries, endOf2026, last)).toEqual({ label: '好' });
    expect(value(rules, [], endOf2026, last)).toBeUndefined();
  });
});

describe('households and groups: their own points and their members’ (domain G12)', () => {
  const rules = [rule('rule', { flat: { points: 1 } })];
  const mean = metric({ mean_per_member: {} }, 'household');
  const member = (who: string, from = '2026-01-01', to?: string): Membership => ({
    member: who,
    of: 'me',
    from,
    ...(to !== undefined && { to }),
  });
  const household = (memberships: readonly Membership[], entries: readonly ScoredEntry[]): MetricValue | undefined =>
    value(rules, entries, endOf2026, mean, memberships);
  const by = (subject: string, occurredOn?: string): ScoredEntry => entry(occurredOn, { subject });

  it('15 points of three are a mean of 5, 16 are more: an exact fraction', () => {
    const three = ['a', 'b', 'c'].map((who) => member(who));
    expect(
      household(
        three,
        Array.from({ length: 15 }, (_, n) => by('abc'[n % 3]!)),
      ),
    ).toEqual({ num: 15, den: 3 });
    expect(household(three, [...Array.from({ length: 15 }, () => by('a')), by('me')])).toEqual({ num: 16, den: 3 });
  });

  it('a member’s entry counts if one membership holds on the day and still at the cut-off', () => {
    expect(household([member('a', '2026-03-01')], [by('a', '2026-02-28'), by('a', '2026-03-01')])).toEqual({
      num: 1,
      den: 1,
    });
    expect(household([member('a'), member('b', '2026-01-01', '2026-12-30')], [by('b')])).toEqual({ num: 0, den: 1 });
    expect(household([member('a'), member('b', '2026-01-01', '2026-12-31')], [by('b')])).toEqual({ num: 1, den: 2 });
    const again = [member('a', '2026-01-01', '2026-04-01'), member('a', '2026-06-01')];
    expect(household(again, [by('a', '2026-03-01'), by('a', '2026-07-01')])).toEqual({ num: 1, den: 1 });
  });

  it('has no mean without members', () => {
    expect(household([], [by('me')])).toBeUndefined();
  });

  it('caps and remainders are each member’s own', () => {
    const carried = [rule('rule', hours('carry'))];
    const entries = [
      entry('2026-03-10', { subject: 'a', quantity: 3 }),
      entry('2026-03-10', { subject: 'b', quantity: 5 }),
    ];
    const sum = metric({ sum: {} }, 'household');
    expect(value(carried, entries, endOf2026, sum, [member('a'), member('b')])).toEqual({ num: 1, den: 1 });
  });

  it('a household credited besides its member has an entry of its own: the member’s is not counted again', () => {
    const credited = [rule('rule', { flat: { points: 1 } }, { credits: ['household'] })];
    const sum = metric({ sum: {} }, 'household');
    expect(value(credited, [by('me'), by('a')], endOf2026, sum, [member('a')])).toEqual({ num: 1, den: 1 });
  });

  it('nothing flows from people to an enterprise, a post or a building (F08)', () => {
    for (const over of ['enterprise', 'post', 'building', 'person'] as const)
      expect(value(rules, [by('a')], endOf2026, metric({ sum: {} }, over), [member('a')])).toEqual({ num: 0, den: 1 });
  });
});

describe('explanations', () => {
  it('show in the order it happened what each entry added', () => {
    const term = metricTerm({ rules: [rule('rule', hours('carry'), { cap: { per: 'year', points: 2 } })] }, metric());
    if (term.value !== 'number') throw new Error('not a number');
    const entries = [of(9, '2026-03-03'), of(5, '2026-03-02'), of(3, '2026-03-01')];
    const { base, lines } = explainMetric(term, 'me', { entries, memberships: [] }, endOf2026);
    expect(base).toBe(0);
    expect(lines.map(({ entry: id, points: added }) => [id, added])).toEqual([
      [entries[2]!.id, 0],
      [entries[1]!.id, 2],
      [entries[0]!.id, 0],
    ]);
  });
});

describe('numbers are exact or refused', () => {
  it('throws beyond what a double holds exactly', () => {
    const huge = rule('rule', { per_unit: { unit: '件', n: 1, points: 100_000, remainder: 'drop' } });
    expect(value([huge], [of(90_000_000_000)])).toEqual({ num: 9_000_000_000_000_000, den: 1 });
    expect(() => value([huge], [of(90_000_000_000), of(900_000_000)])).toThrow(RangeError);
  });
});
