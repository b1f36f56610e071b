import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { collides, maySubjectsRelate, type Membership, overlaps, type Span, united } from './membership-rules.js';

const day = (n: number): string => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);
const spans = fc
  .tuple(fc.nat(60), fc.option(fc.nat(20)))
  .map(([from, length]): Span => ({ fromDay: day(from), toDay: length === null ? null : day(from + length) }));
const covers = (some: readonly Span[], at: string): boolean =>
  some.some(({ fromDay, toDay }) => fromDay <= at && (toDay === null || at <= toDay));
const DAYS = Array.from({ length: 90 }, (_, n) => day(n));

describe('spans of days', () => {
  it('overlap exactly when they share a day', () => {
    fc.assert(
      fc.property(spans, spans, (one, other) => {
        expect(overlaps(one, other)).toBe(DAYS.some((at) => covers([one], at) && covers([other], at)));
      }),
    );
  });

  it('united cover the same days, and no two of them overlap', () => {
    fc.assert(
      fc.property(fc.array(spans, { maxLength: 6 }), (some) => {
        const result = united(some);
        expect(DAYS.filter((at) => covers(result, at))).toEqual(DAYS.filter((at) => covers(some, at)));
        expect(result.some((one) => result.some((other) => one !== other && overlaps(one, other)))).toBe(false);
      }),
    );
  });
});

describe('memberships', () => {
  const kindOf = (id: string): 'person' | 'household' | 'group' =>
    id.startsWith('h') ? 'household' : id.startsWith('g') ? 'group' : 'person';
  const row = (of: string, from: number, to: number | null, relation: Membership['relation'] = 'member_of') => {
    return { relation, member: 'p', of, fromDay: day(from), toDay: to === null ? null : day(to) };
  };

  it('exclude one another in two households on one day, or twice in the same', () => {
    expect(collides(row('h1', 10, null), [row('h2', 0, 10)], kindOf)).toBe(true);
    expect(collides(row('h1', 11, null), [row('h2', 0, 10)], kindOf)).toBe(false);
    expect(collides(row('h1', 0, 5), [row('h2', 5, null)], kindOf)).toBe(true);
    expect(collides(row('g1', 0, null), [row('g1', 20, null)], kindOf)).toBe(true);
    expect(collides(row('g1', 0, null), [row('g2', 0, null), row('h1', 0, null)], kindOf)).toBe(false);
    expect(collides(row('h1', 0, null), [{ ...row('h2', 0, null), member: 'another' }], kindOf)).toBe(false);
  });

  it('to parents are two at a time', () => {
    const parents = [row('m', 0, null, 'child_of'), row('f', 0, 30, 'child_of')];
    expect(collides(row('adoptive', 20, null, 'child_of'), parents, kindOf)).toBe(true);
    expect(collides(row('adoptive', 31, null, 'child_of'), parents, kindOf)).toBe(false);
  });

  it('tie kinds that go together', () => {
    expect(maySubjectsRelate('member_of', 'person', 'household')).toBe(true);
    expect(maySubjectsRelate('member_of', 'household', 'building')).toBe(true);
    expect(maySubjectsRelate('child_of', 'person', 'person')).toBe(true);
    expect(maySubjectsRelate('member_of', 'person', 'person')).toBe(false);
    expect(maySubjectsRelate('member_of', 'household', 'household')).toBe(false);
    expect(maySubjectsRelate('child_of', 'person', 'household')).toBe(false);
    expect(maySubjectsRelate('member_of', 'enterprise', 'person')).toBe(false);
  });
});
