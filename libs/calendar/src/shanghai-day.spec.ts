import { describe, expect, it } from '@jest/globals';
import { addDays, isCalendarDay, shanghaiDay, shanghaiDayStart, weeklyEpoch } from './shanghai-day.js';

const at = (iso: string): number => Date.parse(iso) / 1000;

describe('a day is Asia/Shanghai everywhere (design §4)', () => {
  it('turns at 16:00 UTC', () => {
    expect(shanghaiDay(at('2026-11-22T15:59:59Z'))).toBe('2026-11-22');
    expect(shanghaiDay(at('2026-11-22T16:00:00Z'))).toBe('2026-11-23');
  });

  it('starts at Shanghai midnight and refuses days that do not exist', () => {
    expect(shanghaiDayStart('2026-11-22')).toBe(at('2026-11-21T16:00:00Z'));
    expect(() => shanghaiDayStart('2026-02-30')).toThrow(RangeError);
    expect(() => shanghaiDayStart('22.11.2026')).toThrow(RangeError);
    expect(['2028-02-29', '2026-02-29', '2026-2-1', ''].map(isCalendarDay)).toEqual([true, false, false, false]);
  });

  it('is counted across ends of months and years, forwards and back', () => {
    expect(addDays('2028-02-28', 2)).toBe('2028-03-01');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2027-01-01', -1)).toBe('2026-12-31');
    expect(() => addDays('2026-02-30', 1)).toThrow(RangeError);
  });
});

describe('weekly epochs of attestations (design §4.1)', () => {
  it('begin on Monday in Shanghai and live fourteen days', () => {
    const monday = at('2026-11-16T00:00:00+08:00');
    for (const iso of ['2026-11-16T00:00:00+08:00', '2026-11-19T12:00:00+08:00', '2026-11-22T23:59:59+08:00'])
      expect(weeklyEpoch(at(iso))).toEqual({ iat: monday, exp: monday + 14 * 86_400 });
    expect(weeklyEpoch(at('2026-11-23T00:00:00+08:00')).iat).toBe(monday + 7 * 86_400);
  });
});
