import { isCalendarDay } from '#libs/calendar';
import { checkExchange } from './check/check-exchange.js';
import { checkGradings, checkMetrics } from './check/check-gradings.js';
import { checkExport, checkMinors, checkPublicity } from './check/check-limits.js';
import { checkNames } from './check/check-names.js';
import { checkRules } from './check/check-rules.js';
import { faultAt, type SchemeFault } from './check/fault-texts.js';
import { fitsSheet } from './counts-hours.js';
import { forbiddenSubjectOf } from './forbidden-subjects.js';
import type { SchemeDocument } from './scheme-document.js';
import { namesByPart, WHOLE_PARTS } from './scheme-parts.js';

/**
 * What a JSON Schema cannot say about a scheme document: that what it refers to exists; formulas, brackets and bands that
 * leave nothing open; no forbidden subject (domain G1) and no statutory benefit (G2); what may leave the county (3.3); what
 * holds for black lists (G8) and minors (G9). Promises all faults at once, `[]` for a sound document.
 * @param scheme already valid against `config/schemas/scheme.schema.json`, with what it inherits (`resolveScheme`)
 */
export function checkScheme(scheme: SchemeDocument): readonly SchemeFault[] {
  return [
    ...checkDays(scheme),
    ...checkNames(scheme),
    ...checkOverridable(scheme),
    ...checkExport(scheme),
    ...checkMinors(scheme),
    ...checkRules(scheme),
    ...checkMetrics(scheme),
    ...checkGradings(scheme),
    ...checkExchange(scheme),
    ...checkPublicity(scheme),
    ...checkActivities(scheme),
  ];
}

function checkDays({ valid, adopted_by: adopted }: SchemeDocument): SchemeFault[] {
  const days: [string, string | undefined][] = [
    ['/valid/from', valid.from],
    ['/valid/to', valid.to],
    ['/adopted_by/date', adopted?.date],
  ];
  const faults = days
    .filter(([, day]) => day !== undefined && !isCalendarDay(day))
    .map(([path]) => faultAt('DAY_UNKNOWN', path));
  if (valid.to !== undefined && valid.to < valid.from) faults.push(faultAt('VALIDITY_EMPTY', '/valid/to'));
  return faults;
}

function checkOverridable(scheme: SchemeDocument): SchemeFault[] {
  const lists: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(namesByPart(scheme)));
  const whole: ReadonlySet<string> = new Set(WHOLE_PARTS);
  const isPart = (named: string): boolean => {
    const [part = '', member] = named.split('/');
    if (member === undefined) return whole.has(part) || lists.has(part);
    return lists.get(part)?.includes(member) === true || (member === '+' && lists.has(part));
  };
  return [...(scheme.overridable ?? []).entries()]
    .filter(([, named]) => !isPart(named))
    .map(([at, named]) => faultAt('OVERRIDABLE_UNKNOWN', `/overridable/${at}`, named));
}

function checkActivities({ id, activities = [], rules, area }: SchemeDocument): SchemeFault[] {
  const formulaOf = new Map(rules.map((rule) => [rule.id, rule.formula]));
  const faults: SchemeFault[] = [];
  for (const [at, { rule, label_zh }] of activities.entries()) {
    const forbidden = forbiddenSubjectOf({ category: '', label_zh });
    if (forbidden !== undefined) faults.push(faultAt('RULE_SUBJECT_FORBIDDEN', `/activities/${at}`, forbidden));
    if (rule === undefined) continue;
    const formula = formulaOf.get(rule);
    if (formula === undefined) faults.push(faultAt('RULE_UNKNOWN', `/activities/${at}/rule`, rule));
    else if (!fitsSheet(formula)) faults.push(faultAt('ACTIVITY_RULE_UNFIT', `/activities/${at}/rule`, rule));
  }
  if (area !== undefined && !area.schemes.includes(id)) faults.push(faultAt('AREA_WITHOUT_SELF', '/area/schemes'));
  return faults;
}
