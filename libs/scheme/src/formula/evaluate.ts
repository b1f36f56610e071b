import { shanghaiDay } from '#libs/calendar';
import { type Days, monthsAfter, spanOf } from './period.js';
import type { CountedRule, EntryTerm, MetricTerm, Operation, RuleTerm, SpanTerm } from './term.js';

/** The states of a ledger entry (domain 3.1); what is in effect or was upheld counts. */
export type EntryState =
  'declared' | 'verified' | 'publicised' | 'effective' | 'rejected' | 'contested' | 'upheld' | 'reversed' | 'expired';

/** What an assessment needs to know of a ledger entry. Entries that reverse others are none of them: they never count. */
export interface ScoredEntry {
  /** ASCII: the last label is that of the greatest id on the last day. */
  readonly id: string;
  readonly subject: string;
  readonly rule: string;
  /** A whole number: units of the rule, points chosen from its range, else 1. */
  readonly quantity: number;
  readonly label?: string;
  /** The day it happened, `YYYY-MM-DD`, Asia/Shanghai. */
  readonly occurredOn: string;
  /** Unix seconds. */
  readonly recordedAt: number;
  readonly state: EntryState;
}

/** `member` belongs to `of` on every day from `from` to `to`, both included. No two of the same pair overlap. */
export interface Membership {
  readonly member: string;
  readonly of: string;
  readonly from: string;
  readonly to?: string;
}

/** One change of a wallet that no entry made: points spent (negative), or given back. */
export interface Spending {
  /** ASCII, and no entry's. */
  readonly id: string;
  readonly subject: string;
  /** Why: `redemption`, `return`, … */
  readonly cause: string;
  readonly points: number;
  /** `YYYY-MM-DD`, Asia/Shanghai. */
  readonly occurredOn: string;
  /** Unix seconds. */
  readonly recordedAt: number;
}

/** What is known of subjects: entries of one scheme, who belongs to whom, and what was spent. In any order. */
export interface Facts {
  readonly entries: readonly ScoredEntry[];
  readonly memberships: readonly Membership[];
  /** Looked at where the score itself is spent (`balance: single`). */
  readonly spending?: readonly Spending[];
}

export interface AssessmentTime {
  /** From `windowDays`. */
  readonly window: Days;
  /** Unix seconds; what is recorded at this very second still counts. */
  readonly cutOff: number;
}

/** A number as an exact fraction, not reduced, or a label. */
export type MetricValue = { readonly num: number; readonly den: number } | { readonly label: string };

/** The entries of one subject that count for one rule: its points are a function of this set. */
export interface Contribution {
  readonly rule: RuleTerm;
  readonly entries: readonly ScoredEntry[];
}

/**
 * The value of a metric for one subject: a pure function of (scheme, facts, time), and the oracle for the SQL.
 * @param facts may hold more than the subject's own entries, its members' and their memberships; the rest is not looked at
 * @returns `undefined` for a mean without members and a last label without inspection
 * @throws RangeError where the number is beyond what a double holds exactly
 */
export function evaluateMetric(
  term: MetricTerm,
  subject: string,
  facts: Facts,
  time: AssessmentTime,
): MetricValue | undefined {
  if (term.value === 'label') {
    const label = countingEntries(term, subject, facts, time).toSorted(byDayThenId).at(-1)?.label;
    return label === undefined ? undefined : { label };
  }
  const earned = contributions(term, subject, facts, time).map(({ rule, entries }) => rulePoints(rule, entries));
  const points = [...earned, ...spendingOf(term, subject, facts, time).map((each) => each.points)];
  const den = term.isPerMember ? membersAt(subject, facts, shanghaiDay(time.cutOff)).length : 1;
  if (den === 0) return undefined;
  return { num: points.reduce((sum, each) => exact(sum + each), term.base), den };
}

/**
 * Whose entries make a number, rule by rule and contributor by contributor: caps and remainders are each contributor's own.
 * A member's entry counts for a household or group if one membership holds on the day it happened and still at the cut-off:
 * leaving ends it (domain G12).
 */
export function contributions(
  term: { readonly rules: readonly CountedRule[] },
  subject: string,
  facts: Facts,
  time: AssessmentTime,
): readonly Contribution[] {
  const memberships = membersAt(subject, facts, shanghaiDay(time.cutOff));
  return term.rules.flatMap((rule) => [
    { rule, entries: countingEntries(rule, subject, facts, time) },
    ...(rule.ofMembers ? memberships : []).map(({ member, from }) => ({
      rule,
      entries: countingEntries(rule, member, facts, time).filter(({ occurredOn }) => occurredOn >= from),
    })),
  ]);
}

/** What falls away from a number, or comes back to it, because the score itself is spent. */
export function spendingOf(
  { spending }: { readonly spending?: { readonly ofMembers: boolean } },
  subject: string,
  facts: Facts,
  { window, cutOff }: AssessmentTime,
): readonly Spending[] {
  if (spending === undefined) return [];
  const members = spending.ofMembers ? membersAt(subject, facts, shanghaiDay(cutOff)) : [];
  const since = [{ member: subject, from: '' }, ...members];
  return since.flatMap(({ member, from }) =>
    (facts.spending ?? []).filter(
      ({ subject: whose, occurredOn: day, recordedAt }) =>
        whose === member && day >= from && day >= window.from && day <= window.to && recordedAt <= cutOff,
    ),
  );
}

/** The points that a set of counting entries of one subject makes under a rule. The order does not matter. */
export function rulePoints({ span, total }: RuleTerm, entries: readonly ScoredEntry[]): number {
  const spans = new Map<string, ScoredEntry[]>();
  for (const entry of entries) {
    const key = spanOf(span, entry.occurredOn);
    spans.set(key, [...(spans.get(key) ?? []), entry]);
  }
  return [...spans.values()].reduce((sum, each) => exact(sum + ofSpan(total, each)), 0);
}

/** The order in which entries are explained, and the last label found. */
export function byDayThenId(
  one: Pick<ScoredEntry, 'id' | 'occurredOn'>,
  other: Pick<ScoredEntry, 'id' | 'occurredOn'>,
): number {
  if (one.occurredOn !== other.occurredOn) return one.occurredOn < other.occurredOn ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

/** Whether an entry counts at a time: in effect, recorded, not ahead of it and not expired. */
export function isInForce(entry: ScoredEntry, months: number | undefined, cutOff: number): boolean {
  const today = shanghaiDay(cutOff);
  const isEffective = entry.state === 'effective' || entry.state === 'upheld';
  if (!isEffective || entry.recordedAt > cutOff || entry.occurredOn > today) return false;
  return months === undefined || today < monthsAfter(entry.occurredOn, months);
}

function countingEntries(
  { rule, months }: { readonly rule: string; readonly months?: number },
  subject: string,
  { entries }: Facts,
  { window, cutOff }: AssessmentTime,
): readonly ScoredEntry[] {
  return entries.filter(
    (entry) =>
      entry.subject === subject &&
      entry.rule === rule &&
      entry.occurredOn >= window.from &&
      entry.occurredOn <= window.to &&
      isInForce(entry, months, cutOff),
  );
}

function membersAt(subject: string, { memberships }: Facts, today: string): readonly Membership[] {
  return memberships.filter(({ of, from, to }) => of === subject && from <= today && (to === undefined || today <= to));
}

function ofSpan(term: SpanTerm, entries: readonly ScoredEntry[]): number {
  if (term.op === 'apply') return operate(term.operation, ofSpan(term.of, entries));
  return entries.reduce((sum, entry) => exact(sum + ofEntry(term.each, entry)), 0);
}

function ofEntry(term: EntryTerm, entry: ScoredEntry): number {
  switch (term.op) {
    case 'constant':
      return term.value;
    case 'quantity':
      return entry.quantity;
    case 'label':
      return entry.label !== undefined && Object.hasOwn(term.points, entry.label) ? term.points[entry.label]! : 0;
    case 'apply':
      return operate(term.operation, ofEntry(term.of, entry));
  }
}

function operate(operation: Operation, value: number): number {
  if (operation.op === 'clamp') return Math.max(-operation.limit, Math.min(operation.limit, value));
  const row = operation.rows.findLast(({ from, to }) => value >= from && (to === undefined || value <= to));
  if (row === undefined) return 0;
  return row.per === undefined ? row.points : exact(quotient(value, row.per) * row.points);
}

/** The whole part, from the remainder: the quotient of two large doubles may round up to a whole number that it is not. */
function quotient(value: number, by: number): number {
  return (value - (value % by)) / by;
}

function exact(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError('the points are not an exact integer');
  // Never -0, which is not what a database answers.
  return value + 0;
}
