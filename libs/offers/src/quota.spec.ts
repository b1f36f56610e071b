import { describe, expect, it } from '@jest/globals';
import { quotaAllows, quotaPeriod } from './quota.js';

const at = { day: '2026-11-22', orderRef: 'T-1' };

describe('the period a use counts in (design §4.2)', () => {
  it.each([
    ['entry', 'entry'],
    ['day', 'day:2026-11-22'],
    ['order', 'order:T-1'],
    ['year', 'year:2026'],
  ] as const)('per %s is %s', (per, expected) => {
    expect(quotaPeriod({ n: 1, per }, at)).toBe(expected);
  });

  it('cannot be named for an order that has no reference', () => {
    expect(quotaPeriod({ n: 1, per: 'order' }, { day: at.day })).toBeUndefined();
    expect(quotaPeriod({ n: 1, per: 'order' }, { day: at.day, orderRef: '' })).toBeUndefined();
  });
});

describe('the quota (design §4.2)', () => {
  const twice = { n: 2, per: 'day' } as const;
  const withReentry = { n: 1, per: 'day', reentryMinutes: 30 } as const;

  it('allows n uses and no more', () => {
    expect([0, 1, 2, 3].map((used) => quotaAllows(twice, { used, now: 1000 }))).toEqual([
      'allowed',
      'allowed',
      'used_up',
      'used_up',
    ]);
  });

  it('allows every entry where each is proven anew', () => {
    expect(quotaAllows({ n: 1, per: 'entry' }, { used: 50, lastUsedAt: 999, now: 1000 })).toBe('allowed');
  });

  it('lets someone back in up to the last second of the re-entry time', () => {
    const used = { used: 1, lastUsedAt: 10_000 };
    expect(quotaAllows(withReentry, { ...used, now: 10_000 + 1800 })).toBe('reentry');
    expect(quotaAllows(withReentry, { ...used, now: 10_000 + 1801 })).toBe('used_up');
  });

  it('does not count a re-entry although uses are left', () => {
    const uses = { ...withReentry, n: 3 };
    expect(quotaAllows(uses, { used: 1, lastUsedAt: 10_000, now: 10_060 })).toBe('reentry');
  });

  it('knows no re-entry without a counted use, without re-entry minutes, or with a clock that went back', () => {
    expect(quotaAllows(withReentry, { used: 0, lastUsedAt: 10_000, now: 10_060 })).toBe('allowed');
    expect(quotaAllows({ n: 1, per: 'day' }, { used: 1, lastUsedAt: 10_000, now: 10_060 })).toBe('used_up');
    expect(quotaAllows(withReentry, { used: 1, lastUsedAt: 10_000, now: 9_999 })).toBe('used_up');
  });

  it('does not take an unknown count for an unused quota', () => {
    expect(quotaAllows(twice, { used: Number.NaN, now: 1000 })).toBe('used_up');
  });
});
