import { shanghaiDay, shanghaiDayStart } from '#libs/calendar';
import { scoreBands } from './exported-grading.js';
import { bookRulePoints, expiryDay, type RuleTally } from './rule-points.js';
import type { SchemeDocument, SchemeRule } from './scheme-document.js';

/** The states of a ledger entry (domain 3.1); only `effective` ones count. */
export type EntryState =
  'declared' | 'verified' | 'publicised' | 'effective' | 'rejected' | 'contested' | 'upheld' | 'reversed' | 'expired';

/** What an assessment needs to know of a ledger entry. */
export interface AssessableEntry {
  readonly id: string;
  readonly ruleId: string;
  /** The day it happened, `YYYY-MM-DD`, Asia/Shanghai. */
  readonly occurredOn: string;
  /** When it was recorded, Unix seconds. */
  readonly recordedAt: number;
  readonly state: EntryState;
  /** Whole units of the rule, at least 0; 1 for rules without a unit. */
  readonly qty: number;
}

export interface AssessmentLine {
  readonly entryId: string;
  readonly ruleId: string;
  readonly points: number;
}

export interface AssessmentResult {
  readonly score: number;
  readonly base: number;
  /** Every entry that counted, in the order it happened, also where a cap or a remainder left it 0 points. */
  readonly lines: readonly AssessmentLine[];
}

/**
 * A subject's score for one calendar year (Asia/Shanghai): base plus the points of the entries that are effective,
 * happened in the year and not after the cut-off, were recorded by the cut-off and have not expired at it. A pure function
 * of (scheme version, entries, cut-off): the order of `entries` does not matter, and `lines` explains the score exactly.
 * @param entries of one subject under this scheme version
 * @param cutOff Unix seconds; what is recorded at this very second still counts
 * @throws RangeError on a scheme without bands over a score, and on entries the ledger promises not to hold: an id twice, a rule the scheme does not have, a quantity
 *   that is not a whole number, a day that does not exist
 */
export function assess(
  scheme: SchemeDocument,
  entries: readonly AssessableEntry[],
  { cutOff, year }: { readonly cutOff: number; readonly year: number },
): AssessmentResult {
  const rules = new Map(scheme.rules.map((rule) => [rule.id, rule]));
  const tallies = new Map<string, RuleTally>();
  const bands = scoreBands(scheme);
  if (bands === undefined) throw new RangeError('the scheme has no bands over a score');
  const lines: AssessmentLine[] = [];
  for (const entry of inOrder(entries)) {
    const rule = ruleOf(entry, rules);
    if (!counts(entry, rule, cutOff, year)) continue;
    const tally = tallies.get(rule.id) ?? { units: 0, spent: new Map() };
    tallies.set(rule.id, tally);
    const points = bookRulePoints(rule, { id: entry.id, day: entry.occurredOn, quantity: entry.qty }, tally);
    lines.push({ entryId: entry.id, ruleId: rule.id, points });
  }
  const score = lines.reduce((sum, line) => sum + line.points, bands.base);
  if (!Number.isSafeInteger(score)) throw new RangeError('the score is not an exact integer');
  return { score, base: bands.base, lines };
}

function counts(entry: AssessableEntry, rule: SchemeRule, cutOff: number, year: number): boolean {
  const today = shanghaiDay(cutOff);
  if (entry.state !== 'effective' || entry.recordedAt > cutOff || entry.occurredOn > today) return false;
  if (Number(entry.occurredOn.slice(0, 4)) !== year) return false;
  return rule.validity === undefined || today < expiryDay(entry.occurredOn, rule.validity.months);
}

function ruleOf(entry: AssessableEntry, rules: ReadonlyMap<string, SchemeRule>): SchemeRule {
  const rule = rules.get(entry.ruleId);
  if (rule === undefined) throw new RangeError(`entry ${entry.id} names a rule the scheme does not have`);
  if (!Number.isSafeInteger(entry.qty) || entry.qty < 0)
    throw new RangeError(`entry ${entry.id} has a quantity that is not a whole number`);
  shanghaiDayStart(entry.occurredOn);
  return rule;
}

/** By the day it happened, then by id: remainders and caps must not depend on how a query happened to sort. */
function inOrder(entries: readonly AssessableEntry[]): readonly AssessableEntry[] {
  if (new Set(entries.map((entry) => entry.id)).size !== entries.length) throw new RangeError('an entry stands twice');
  return entries.toSorted((one, other) => {
    if (one.occurredOn !== other.occurredOn) return one.occurredOn < other.occurredOn ? -1 : 1;
    return one.id < other.id ? -1 : 1;
  });
}
