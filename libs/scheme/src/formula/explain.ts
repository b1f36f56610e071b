import {
  byDayThenId,
  contributions,
  rulePoints,
  spendingOf,
  type AssessmentTime,
  type Facts,
  type ScoredEntry,
} from './evaluate.js';
import type { NumberTerm } from './term.js';

/** What one entry added to a number; or, of a score that is itself spent, what one posting took from it. */
export interface ExplainedPoints {
  readonly entry: string;
  /** Whose entry it is: the subject, or a member of it. */
  readonly subject: string;
  /** Of a posting, its cause. */
  readonly rule: string;
  readonly points: number;
}

/**
 * A subject's number, entry by entry in the order in which they happened: `base` and the points of all lines sum exactly to
 * `num` of `evaluateMetric`. Every entry that counts has a line, also where a cap or a remainder left it 0 points.
 */
export function explainMetric(
  term: NumberTerm,
  subject: string,
  facts: Facts,
  time: AssessmentTime,
): { readonly base: number; readonly lines: readonly ExplainedPoints[] } {
  const earned = contributions(term, subject, facts, time).flatMap(({ rule, entries }) => {
    const inOrder = entries.toSorted(byDayThenId);
    // What the first so many entries make; the differences are the lines, and telescope to the total.
    const totals = inOrder.map((_, at) => rulePoints(rule, inOrder.slice(0, at + 1)));
    return inOrder.map((entry, at) => ({ entry, points: totals[at]! - (totals[at - 1] ?? 0) }));
  });
  const spent = spendingOf(term, subject, facts, time).map(({ cause, points, ...posting }) => {
    return { entry: { ...posting, rule: cause }, points };
  });
  const lines = [...earned, ...spent].toSorted((one, other) => byDayThenId(one.entry, other.entry));
  return { base: term.base, lines: lines.map(asLine) };
}

function asLine({ entry, points }: { readonly entry: Line; readonly points: number }): ExplainedPoints {
  return { entry: entry.id, subject: entry.subject, rule: entry.rule, points };
}

type Line = Pick<ScoredEntry, 'id' | 'subject' | 'rule'>;
