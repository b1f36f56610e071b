import type { RuleFormula } from './scheme-document.js';

/** How scheme documents write the unit that a sign-in sheet knows. */
const HOURS: ReadonlySet<string> = new Set(['小时', 'hour', 'hours']);

/** Whether a rule counts hours, as a sign-in sheet says them. */
export function countsHours(formula: RuleFormula): boolean {
  if ('per_unit' in formula) return HOURS.has(formula.per_unit.unit);
  if ('ladder' in formula) return HOURS.has(formula.ladder.measure);
  return 'bracket' in formula && HOURS.has(formula.bracket.measure);
}

/** Whether a sign-in sheet, which says who came and for how long, says all that an entry of the rule needs. */
export function fitsSheet(formula: RuleFormula): boolean {
  return 'flat' in formula || countsHours(formula);
}
