import { describe, expect, it } from '@jest/globals';
import { firstLiveDay, monthsAfter, periodDays, windowDays } from './period.js';

const days = (from: string, to: string): { from: string; to: string } => ({ from, to });
const END = '2026-12-31';

describe('periods by name', () => {
  it.each([
    ['2026', days('2026-01-01', '2026-12-31')],
    ['2026-Q1', days('2026-01-01', '2026-03-31')],
    ['2026-Q4', days('2026-10-01', '2026-12-31')],
    ['2026-02', days('2026-02-01', '2026-02-28')],
    ['2028-02', days('2028-02-01', '2028-02-29')],
    ['2026-12', days('2026-12-01', '2026-12-31')],
    ['2026-06-30', days('2026-06-30', '2026-06-30')],
  ])('%s', (name, expected) => {
    expect(periodDays(name)).toEqual(expected);
  });

  it.each(['', '26', '0000', '2026-Q0', '2026-Q5', '2026-00', '2026-13', '2026-6', '2026-02-30', '2026-Q1-1', ' 2026'])(
    'not %j',
    (name) => {
      expect(periodDays(name)).toBeUndefined();
    },
  );
});

describe('the window of a metric in a period', () => {
  const q2 = periodDays('2026-Q2')!;

  it('is the one that holds the period, up to its last day', () => {
    expect(windowDays('quarter', q2, END)).toEqual(q2);
    expect(windowDays('year', q2, END)).toEqual(days('2026-01-01', '2026-06-30'));
    expect(windowDays('all', q2, END)).toEqual(days('0001-01-01', '2026-06-30'));
    expect(windowDays('event', periodDays('2026-06-27')!, END)).toEqual(days('2026-06-27', '2026-06-27'));
  });

  it('never goes beyond today', () => {
    expect(windowDays('year', periodDays('2026')!, '2026-11-22')).toEqual(days('2026-01-01', '2026-11-22'));
    expect(windowDays('all', q2, '2026-05-01')).toEqual(days('0001-01-01', '2026-05-01'));
  });

  it('is none where no window holds the whole period', () => {
    expect(windowDays('month', q2, END)).toBeUndefined();
    expect(windowDays('quarter', periodDays('2026')!, END)).toBeUndefined();
    expect(windowDays('event', q2, END)).toBeUndefined();
  });

  it.each([
    ['2026-12-31', 12, '2026-01-01'],
    ['2026-06-30', 3, '2026-04-01'],
    ['2026-02-28', 12, '2025-03-01'],
    ['2026-03-31', 1, '2026-03-01'],
    ['2026-03-30', 1, '2026-03-01'],
  ])('rolls: up to %s, %i months begin on %s', (to, months, from) => {
    expect(windowDays({ rolling: { months } }, days(to, to), END)).toEqual(days(from, to));
  });
});

describe('validity in whole months', () => {
  it('ends on the same day of the month, or on its last', () => {
    expect(monthsAfter('2026-03-10', 24)).toBe('2028-03-10');
    expect(monthsAfter('2026-01-31', 1)).toBe('2026-02-28');
    expect(monthsAfter('2027-11-30', 3)).toBe('2028-02-29');
    expect(monthsAfter('2026-03-31', -1)).toBe('2026-02-28');
  });

  it.each([1, 2, 12, 13])('of %i months: the first live day is the first that has not ended', (months) => {
    for (const today of ['2026-02-28', '2028-02-29', '2026-03-30', '2026-03-31', '2026-05-01', '2026-12-31']) {
      const first = firstLiveDay(today, months);
      const before = new Date(Date.parse(first) - 86_400_000).toISOString().slice(0, 10);
      expect([monthsAfter(before, months) > today, monthsAfter(first, months) > today]).toEqual([false, true]);
    }
  });
});
