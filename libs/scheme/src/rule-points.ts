import type { RuleCap, SchemeRule } from './scheme-document.js';

/** What a subject has collected under one rule within a window: the units carried over, the points per capped span. */
export interface RuleTally {
  units: number;
  readonly spent: Map<string, number>;
}

/**
 * The points one more entry of a rule is worth, and books it into the tally. Exact integers; entries of one rule must be
 * given in the order in which they happened, because remainders and caps depend on it.
 * @param quantity whole units of the rule, at least 0; flat rules and deductions do not look at it
 * @param day the day the entry happened
 */
export function bookRulePoints(
  rule: SchemeRule,
  entry: { readonly id: string; readonly day: string; readonly quantity: number },
  tally: RuleTally,
): number {
  const points = uncappedPoints(rule, entry.quantity, tally);
  if (rule.cap === undefined) return points;
  const span = SPANS[rule.cap.per](entry);
  const left = rule.cap.points - (tally.spent.get(span) ?? 0);
  const size = Math.min(Math.abs(points), left);
  tally.spent.set(span, rule.cap.points - left + size);
  // `0 - size`: a deduction that a cap reduced to nothing is 0, not -0.
  return points < 0 ? 0 - size : size;
}

function uncappedPoints({ formula }: SchemeRule, quantity: number, tally: RuleTally): number {
  if ('flat' in formula) return formula.flat.points;
  if ('deduct' in formula) return -formula.deduct.points;
  if (!('per_unit' in formula)) throw new RangeError('points of this formula are not booked entry by entry');
  const { n, points, remainder } = formula.per_unit;
  const units = tally.units + quantity;
  const left = units % n;
  tally.units = remainder === 'carry' ? left : 0;
  return ((units - left) / n) * points;
}

/** The span that a cap counts over. The window is a year, so `year` and `period` are all of it. */
const SPANS: Record<RuleCap['per'], (entry: { readonly id: string; readonly day: string }) => string> = {
  event: ({ id }) => id,
  day: ({ day }) => day,
  month: ({ day }) => day.slice(0, 7),
  quarter: ({ day }) => `quarter ${Math.ceil(Number(day.slice(5, 7)) / 3)}`,
  year: () => 'window',
  period: () => 'window',
};

/** The day on which an entry of the given validity stops counting, `months` after it happened (end of month kept). */
export function expiryDay(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const lastOfMonth = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const expiry = new Date(Date.UTC(year, month - 1 + months, Math.min(date, lastOfMonth)));
  return expiry.toISOString().slice(0, 10);
}
