import {
  byDayThenId,
  contributions,
  rulePoints,
  type AssessmentTime,
  type Facts,
  type ScoredEntry,
} from './evaluate.js';
import type { NumberTerm } from './term.js';

/** What one entry added to a number. */
export interface ExplainedPoints {
  readonly entry: string;
  /** Whose entry it is: the subject, or a member of it. */
  readonly subject: string;
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
  const lines = contributions(term, subject, facts, time).flatMap(({ rule, entries }) => {
    const inOrder = entries.toSorted(byDayThenId);
    // What the first so many entries make; the differences are the lines, and telescope to the total.
    const totals = inOrder.map((_, at) => rulePoints(rule, inOrder.slice(0, at + 1)));
    return inOrder.map((entry, at) => ({ entry, points: totals[at]! - (totals[at - 1] ?? 0) }));
  });
  return { base: term.base, lines: lines.toSorted((one, other) => byDayThenId(one.entry, other.entry)).map(asLine) };
}

function asLine({ entry, points }: { readonly entry: ScoredEntry; readonly points: number }): ExplainedPoints {
  return { entry: entry.id, subject: entry.subject, rule: entry.rule, points };
}
