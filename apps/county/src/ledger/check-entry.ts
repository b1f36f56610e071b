import { isCalendarDay } from '#libs/calendar';
import type { SchemeDocument, SchemeRule } from '#libs/scheme';

export interface ProposedEntry {
  readonly rule: string;
  /** `YYYY-MM-DD`, Asia/Shanghai. */
  readonly occurredOn: string;
  readonly quantity?: number;
}

export type EntryFault = 'ENTRY_RULE_UNKNOWN' | 'ENTRY_NOT_BY_RULE';

/**
 * Whether an entry fits the scheme: a rule that exists, a day that exists, lies in the scheme's validity and is not ahead of
 * today; a quantity (at least 1) where the rule counts units, and no other than 1 where it does not.
 * @returns the first fault and the member it lies in, or `undefined`
 */
export function checkEntry(
  entry: ProposedEntry,
  rule: SchemeRule | undefined,
  { valid }: Pick<SchemeDocument, 'valid'>,
  today: string,
): { readonly code: EntryFault; readonly member: keyof ProposedEntry } | undefined {
  if (rule === undefined) return { code: 'ENTRY_RULE_UNKNOWN', member: 'rule' };
  const { occurredOn, quantity } = entry;
  const isInForce = occurredOn >= valid.from && (valid.to === undefined || occurredOn <= valid.to);
  if (!isCalendarDay(occurredOn) || !isInForce || occurredOn > today)
    return { code: 'ENTRY_NOT_BY_RULE', member: 'occurredOn' };
  const fits = 'per_unit' in rule.formula ? quantity !== undefined && quantity >= 1 : (quantity ?? 1) === 1;
  return fits ? undefined : { code: 'ENTRY_NOT_BY_RULE', member: 'quantity' };
}
