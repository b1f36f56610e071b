import { isCalendarDay } from '#libs/calendar';
import type { EntryState, RuleFormula, RuleWorkflow, SchemeDocument, SchemeRule } from '#libs/scheme';
import { entryCounts } from './entry-states.js';

type EvidenceKind = NonNullable<RuleWorkflow['evidence']>[number];

export interface ProposedEntry {
  /** Rule id. */
  readonly rule: string;
  /** `YYYY-MM-DD`, Asia/Shanghai. */
  readonly occurredOn: string;
  /** Whole units; the points themselves for a `range`. */
  readonly quantity?: number;
  /** What an inspection found, for a `label`. */
  readonly label?: string;
  readonly evidence?: readonly { readonly kind: EvidenceKind }[];
}

export type EntryFault = 'ENTRY_RULE_UNKNOWN' | 'ENTRY_NOT_BY_RULE' | 'ENTRY_EVIDENCE_MISSING';

/**
 * Whether an entry fits the scheme: a rule that exists; a day that exists, lies in the scheme's validity and is not ahead of
 * today; the quantity or label its rule works with and nothing else; every kind of evidence the rule's workflow asks for.
 * @param today `YYYY-MM-DD`, Asia/Shanghai
 * @returns the first fault and the member it lies in, or `undefined`
 */
export function checkEntry(
  entry: ProposedEntry,
  rule: SchemeRule | undefined,
  { valid }: Pick<SchemeDocument, 'valid'>,
  today: string,
): { readonly code: EntryFault; readonly member: keyof ProposedEntry } | undefined {
  if (rule === undefined) return { code: 'ENTRY_RULE_UNKNOWN', member: 'rule' };
  const { occurredOn, quantity, label, evidence = [] } = entry;
  const isInForce = occurredOn >= valid.from && (valid.to === undefined || occurredOn <= valid.to);
  if (!isCalendarDay(occurredOn) || !isInForce || occurredOn > today)
    return { code: 'ENTRY_NOT_BY_RULE', member: 'occurredOn' };
  if (!fitsQuantity(quantity, rule.formula)) return { code: 'ENTRY_NOT_BY_RULE', member: 'quantity' };
  if (!fitsLabel(label, rule.formula)) return { code: 'ENTRY_NOT_BY_RULE', member: 'label' };
  const brought = new Set(evidence.map(({ kind }) => kind));
  const isProven = (rule.workflow?.evidence ?? []).every((kind) => brought.has(kind));
  return isProven ? undefined : { code: 'ENTRY_EVIDENCE_MISSING', member: 'evidence' };
}

/** Rules that measure need a number; the others may say 1 and nothing else. */
function fitsQuantity(quantity: number | undefined, formula: RuleFormula): boolean {
  if ('per_unit' in formula || 'ladder' in formula || 'bracket' in formula) return isWithin(quantity, 1, Infinity);
  if ('range' in formula) return isWithin(quantity, formula.range.min, formula.range.max);
  return quantity === undefined || quantity === 1;
}

function isWithin(quantity: number | undefined, min: number, max: number): boolean {
  return quantity !== undefined && Number.isSafeInteger(quantity) && quantity >= min && quantity <= max;
}

function fitsLabel(label: string | undefined, formula: RuleFormula): boolean {
  if (!('label' in formula)) return label === undefined;
  return label !== undefined && Object.hasOwn(formula.label, label);
}

/** What a recorded entry says, as far as a reversal must agree with it. */
export interface RecordedEntry {
  readonly scheme: string;
  readonly rule: string;
  readonly subject: string;
  readonly state: EntryState;
  readonly isReversal: boolean;
}

export type ReversalFault = 'REVERSAL_OF_REVERSAL' | 'REVERSAL_NOT_OF_ENTRY' | 'REVERSAL_NOT_OPEN';

/**
 * Whether an entry may be taken back by another: one of the same scheme, rule and subject, which counts (or would, were it
 * not contested), and is no reversal itself. A reversal takes the whole entry back; what was right in it is recorded anew.
 */
export function checkReversal(
  reversal: Pick<RecordedEntry, 'scheme' | 'rule' | 'subject'>,
  origin: RecordedEntry,
): ReversalFault | undefined {
  if (origin.isReversal) return 'REVERSAL_OF_REVERSAL';
  const isSame =
    reversal.scheme === origin.scheme && reversal.rule === origin.rule && reversal.subject === origin.subject;
  if (!isSame) return 'REVERSAL_NOT_OF_ENTRY';
  return entryCounts(origin) || origin.state === 'contested' ? undefined : 'REVERSAL_NOT_OPEN';
}
