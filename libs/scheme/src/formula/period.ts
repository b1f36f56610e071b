import { isCalendarDay } from '#libs/calendar';
import type { Metric } from '../scheme-document.js';
import type { Span } from './term.js';

/** First and last day (inclusive), `YYYY-MM-DD`, Asia/Shanghai. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

const FIRST_DAY = '0001-01-01';

/** The days of a period by its name: `2026`, `2026-Q2`, `2026-06` or a day; `undefined` for anything else. */
export function periodDays(name: string): Days | undefined {
  if (isCalendarDay(name)) return { from: name, to: name };
  const [, year, quarter, month] = /^(\d{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?$/.exec(name) ?? [];
  if (year === undefined || year === '0000') return undefined;
  const first = quarter === undefined ? Number(month ?? 1) : Number(quarter) * 3 - 2;
  const months = quarter === undefined ? (month === undefined ? 12 : 1) : 3;
  const from = `${year}-${String(first).padStart(2, '0')}-01`;
  return { from, to: daysAfter(monthsAfter(from, months), -1) };
}

/**
 * The days a metric looks at when a period is assessed: its window that holds the period, up to the period's last day and
 * not beyond today. `undefined` where no such window holds the whole period: a quarterly metric has no part in a year's
 * assessment. `all` begins with the calendar.
 * @param today the day of the cut-off
 */
export function windowDays(window: Metric['window'], period: Days, today: string): Days | undefined {
  const to = period.to < today ? period.to : today;
  if (window === 'all') return { from: FIRST_DAY, to };
  if (typeof window === 'object') return { from: firstLiveDay(to, window.rolling.months), to };
  const span = window === 'event' ? 'day' : window;
  if (spanOf(span, period.from) !== spanOf(span, period.to)) return undefined;
  const from = periodDays(spanOf(span, period.from))?.from ?? period.from;
  return { from, to };
}

/** The name of the span a day lies in: that of `periodDays`; the same for every day where the span is the whole period. */
export function spanOf(span: Span, day: string): string {
  switch (span) {
    case 'period':
      return '';
    case 'day':
      return day;
    case 'month':
      return day.slice(0, 7);
    case 'quarter':
      return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
    case 'year':
      return day.slice(0, 4);
  }
}

/** The day so many months later (or earlier), at the latest the last of its month. What is valid for months ends before it. */
export function monthsAfter(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const lastOfMonth = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return isoDay(Date.UTC(year, month - 1 + months, Math.min(date, lastOfMonth)));
}

/** The earliest day on which something valid for so many months can have happened and still be so today. */
export function firstLiveDay(today: string, months: number): string {
  let day = monthsAfter(today, -months);
  while (monthsAfter(day, months) <= today) day = daysAfter(day, 1);
  return day;
}

function daysAfter(day: string, days: number): string {
  return isoDay(Date.parse(day) + days * 86_400_000);
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
