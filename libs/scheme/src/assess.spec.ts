import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { assess, type AssessableEntry, type EntryState } from './assess.js';
import { expiryDay } from './rule-points.js';
import type { SchemeDocument, SchemeRule } from './scheme-document.js';

const wendeng = JSON.parse(readFileSync('config/schemes/371003/haibei.json', 'utf8')) as SchemeDocument;
const at = (iso: string): number => Date.parse(iso) / 1000;

const shape = { category: 'conduct', label_zh: '示例', subject_kind: 'person', source: 'ASSUMED' } as const;
const perUnit = (remainder: 'carry' | 'drop'): SchemeRule => ({
  ...shape,
  id: remainder,
  formula: { per_unit: { unit: '小时', n: 4, points: 1, remainder } },
});
const scheme: SchemeDocument = {
  ...wendeng,
  rules: [
    { ...shape, id: 'plus', formula: { flat: { points: 10 } } },
    { ...shape, id: 'minus', formula: { deduct: { points: 30 } } },
    { ...shape, id: 'short', formula: { flat: { points: 5 } }, validity: { months: 1 } },
    perUnit('carry'),
    perUnit('drop'),
    ...(['event', 'day', 'month', 'quarter', 'year', 'period'] as const).map((per): SchemeRule => ({
      ...shape,
      id: `per-${per}`,
      formula: { flat: { points: 10 } },
      cap: { per, points: 7 },
    })),
    { ...shape, id: 'minus-capped', formula: { deduct: { points: 30 } }, cap: { per: 'year', points: 50 } },
  ],
};

let count = 0;
const entry = (ruleId: string, occurredOn = '2026-03-10', more: Partial<AssessableEntry> = {}): AssessableEntry => ({
  id: `e${String((count += 1)).padStart(4, '0')}`,
  ruleId,
  occurredOn,
  recordedAt: at(`${occurredOn}T12:00:00+08:00`),
  state: 'effective',
  qty: 1,
  ...more,
});
const endOf2026 = { cutOff: at('2026-12-31T23:59:59+08:00'), year: 2026 };
const delta = (entries: readonly AssessableEntry[], when = endOf2026): number =>
  assess(scheme, entries, when).score - 1000;

describe('assess: base plus what counts (domain 3.1)', () => {
  it('is the base without entries, and explains every point', () => {
    expect(assess(scheme, [], endOf2026)).toEqual({ score: 1000, base: 1000, lines: [] });
    const entries = [entry('minus', '2026-05-01'), entry('plus', '2026-02-01')];
    expect(assess(scheme, entries, endOf2026)).toEqual({
      score: 980,
      base: 1000,
      lines: [
        { entryId: entries[1]!.id, ruleId: 'plus', points: 10 },
        { entryId: entries[0]!.id, ruleId: 'minus', points: -30 },
      ],
    });
  });

  it('counts effective entries only', () => {
    const states: EntryState[] = [
      'declared',
      'verified',
      'publicised',
      'rejected',
      'contested',
      'upheld',
      'reversed',
      'expired',
    ];
    expect(delta(states.map((state) => entry('plus', '2026-03-10', { state })))).toBe(0);
    expect(delta([entry('plus')])).toBe(10);
  });

  it('counts what happened in the year, in Shanghai', () => {
    expect(delta([entry('plus', '2025-12-31')])).toBe(0);
    expect(delta([entry('plus', '2026-01-01')])).toBe(10);
    expect(delta([entry('plus', '2026-12-31')])).toBe(10);
    expect(delta([entry('plus', '2026-12-31')], { cutOff: at('2027-02-01T00:00:00+08:00'), year: 2027 })).toBe(0);
  });

  it('counts what was recorded by the cut-off, to the second, and nothing that lies ahead of it', () => {
    const when = { cutOff: at('2026-06-30T00:00:00+08:00'), year: 2026 };
    expect(delta([entry('plus', '2026-03-10', { recordedAt: when.cutOff })], when)).toBe(10);
    expect(delta([entry('plus', '2026-03-10', { recordedAt: when.cutOff + 1 })], when)).toBe(0);
    expect(delta([entry('plus', '2026-06-30', { recordedAt: when.cutOff })], when)).toBe(10);
    expect(delta([entry('plus', '2026-07-01', { recordedAt: when.cutOff })], when)).toBe(0);
  });

  it('lets an entry expire from the day it happened, however late it was recorded', () => {
    const late = entry('short', '2026-01-31', { recordedAt: at('2026-02-27T12:00:00+08:00') });
    expect(delta([late], { cutOff: at('2026-02-27T23:59:59+08:00'), year: 2026 })).toBe(5);
    expect(delta([late], { cutOff: at('2026-02-28T00:00:00+08:00'), year: 2026 })).toBe(0);
    expect([expiryDay('2027-11-30', 3), expiryDay('2026-03-10', 24)]).toEqual(['2028-02-29', '2028-03-10']);
  });
});

describe('assess: remainders and caps', () => {
  it('3 h and 5 h at 4 h a point: carried they make 2 points, dropped 1 (domain 3.3)', () => {
    const hours = (rule: string): AssessableEntry[] => [
      entry(rule, '2026-03-01', { qty: 3 }),
      entry(rule, '2026-03-02', { qty: 5 }),
    ];
    expect(delta(hours('carry'))).toBe(2);
    expect(delta(hours('drop'))).toBe(1);
  });

  it.each([
    ['event', 28],
    ['day', 21],
    ['month', 14],
    ['quarter', 14],
    ['year', 7],
    ['period', 7],
  ])('caps per %s', (per, points) => {
    const days = ['2026-03-01', '2026-03-01', '2026-03-31', '2026-04-01'];
    expect(delta(days.map((day) => entry(`per-${per}`, day)))).toBe(points);
  });

  it('caps deductions in size and keeps the capped lines', () => {
    const entries = ['2026-01-01', '2026-02-01', '2026-03-01'].map((day) => entry('minus-capped', day));
    expect(assess(scheme, entries, endOf2026).lines.map(({ points }) => points)).toEqual([-30, -20, 0]);
  });
});

describe('assess: a pure function of its entries', () => {
  it('does not depend on their order', () => {
    const ids = scheme.rules.map((rule) => rule.id);
    const day = fc
      .integer({ min: 1, max: 28 })
      .map((date) => `2026-0${(date % 9) + 1}-${String(date).padStart(2, '0')}`);
    const entries = fc.array(fc.tuple(fc.constantFrom(...ids), day, fc.nat(9)), { maxLength: 12 }).chain((drawn) => {
      const made = drawn.map(([ruleId, occurredOn, qty]) => entry(ruleId, occurredOn, { qty }));
      return fc.tuple(fc.constant(made), fc.shuffledSubarray(made, { minLength: made.length }));
    });
    fc.assert(
      fc.property(entries, ([made, shuffled]) => {
        const result = assess(scheme, made, endOf2026);
        expect(assess(scheme, shuffled, endOf2026)).toEqual(result);
        expect(result.lines.reduce((sum, line) => sum + line.points, result.base)).toBe(result.score);
      }),
    );
  });

  it('throws on what the ledger promises not to hold', () => {
    const one = entry('plus');
    for (const entries of [
      [one, one],
      [entry('nowhere')],
      [entry('carry', '2026-03-10', { qty: 1.5 })],
      [entry('carry', '2026-03-10', { qty: -4 })],
      [entry('plus', '2026-02-30', { recordedAt: 0 })],
    ])
      expect(() => assess(scheme, entries, endOf2026)).toThrow(RangeError);
  });
});
