import { forbiddenSubjectOf, type ForbiddenSubject } from '../forbidden-subjects.js';
import type { BracketRow, RuleFormula, SchemeDocument, SchemeRule, SubjectKind } from '../scheme-document.js';
import { gradesOf } from '../exported-grading.js';
import { faultAt, type SchemeFault } from './fault-texts.js';

/** Each rule for itself, and its subjects and grades among the scheme's. */
export function checkRules(scheme: SchemeDocument): SchemeFault[] {
  const grades = new Set(scheme.gradings.flatMap(gradesOf));
  return scheme.rules.flatMap((rule, at) => {
    const path = `/rules/${at}`;
    const forbidden = forbiddenIn(rule);
    return [
      ...(forbidden === undefined ? [] : [faultAt('RULE_SUBJECT_FORBIDDEN', path, forbidden)]),
      ...checkSubjects(rule, scheme.subject_kinds, path),
      ...checkFormula(rule.formula, grades, `${path}/formula`),
      ...checkCap(rule, path),
    ];
  });
}

/** In the rule's own words, and in those of its formula. */
function forbiddenIn({ category, label_zh: label, formula }: SchemeRule): ForbiddenSubject | undefined {
  const texts = [label, ...wordsOf(formula)];
  return texts.map((text) => forbiddenSubjectOf({ category, label_zh: text })).find((subject) => subject !== undefined);
}

function wordsOf(formula: RuleFormula): readonly string[] {
  if ('per_unit' in formula) return [formula.per_unit.unit];
  if ('ladder' in formula) return [formula.ladder.measure];
  if ('bracket' in formula) return [formula.bracket.measure];
  return 'label' in formula ? Object.keys(formula.label) : [];
}

function checkSubjects(rule: SchemeRule, kinds: readonly SubjectKind[], path: string): SchemeFault[] {
  const { subject_kind: kind, credits = [] } = rule;
  const faults: SchemeFault[] = [];
  if (!kinds.includes(kind)) faults.push(faultAt('SUBJECT_KIND_UNKNOWN', `${path}/subject_kind`, kind));
  if (credits.length > 0 && kind !== 'person') faults.push(faultAt('CREDITS_NOT_OF_PERSON', `${path}/credits`));
  if (credits.includes('household') && !kinds.includes('household'))
    faults.push(faultAt('SUBJECT_KIND_UNKNOWN', `${path}/credits`, 'household'));
  return faults;
}

function checkFormula(formula: RuleFormula, grades: ReadonlySet<string>, path: string): SchemeFault[] {
  if ('ladder' in formula)
    return formula.ladder.steps.flatMap((step, at, steps) => {
      const below = steps[at - 1];
      const isRising = below === undefined || (step.at > below.at && step.points > below.points);
      return isRising ? [] : [faultAt('LADDER_NOT_RISING', `${path}/ladder/steps/${at}`)];
    });
  if ('bracket' in formula)
    return formula.bracket.rows.flatMap((row, at, rows) =>
      checkBracketRow(row, rows[at - 1], at === rows.length - 1, `${path}/bracket/rows/${at}`),
    );
  if ('range' in formula && formula.range.min >= formula.range.max) return [faultAt('RANGE_EMPTY', `${path}/range`)];
  if ('label' in formula) {
    const labels = Object.keys(formula.label);
    const read = new Set(labels.map((label) => label.normalize('NFKC').trim()));
    return read.size < 2 || read.size < labels.length || read.has('')
      ? [faultAt('LABELS_TOO_FEW', `${path}/label`)]
      : [];
  }
  if ('override' in formula && !grades.has(formula.override.grade))
    return [faultAt('OVERRIDE_GRADE_UNKNOWN', `${path}/override/grade`, formula.override.grade)];
  return [];
}

function checkBracketRow(row: BracketRow, above: BracketRow | undefined, isLast: boolean, path: string): SchemeFault[] {
  const { from, to, per } = row;
  const faults: SchemeFault[] = [];
  if (to === undefined && !isLast) faults.push(faultAt('BRACKET_OPEN_INSIDE', path));
  if (to !== undefined && to < from) faults.push(faultAt('BRACKET_EMPTY', path));
  else if (to !== undefined && per !== undefined && to < per)
    faults.push(faultAt('BRACKET_PER_TOO_LARGE', `${path}/per`));
  if (above?.to !== undefined && from <= above.to) faults.push(faultAt('BRACKET_NOT_RISING', `${path}/from`));
  return faults;
}

function checkCap(rule: SchemeRule, path: string): SchemeFault[] {
  const { formula, cap } = rule;
  if ('override' in formula)
    return (['cap', 'validity', 'credits'] as const)
      .filter((member) => rule[member] !== undefined)
      .map((member) => faultAt('OVERRIDE_HAS_NO_POINTS', `${path}/${member}`, member));
  const least = pointsOfOne(formula);
  return cap === undefined || cap.points >= least
    ? []
    : [faultAt('CAP_BELOW_ENTRY', `${path}/cap/points`, String(least))];
}

/** The most, in size, that one entry can be worth; `undefined` where the amount it brings decides. */
export function mostOfOne(formula: RuleFormula): number | undefined {
  return 'per_unit' in formula || 'bracket' in formula || 'override' in formula ? undefined : pointsOfOne(formula);
}

/** What a cap must leave room for, in size: the most that one entry gives, or, of amounts, the first points of it. */
function pointsOfOne(formula: RuleFormula): number {
  if ('flat' in formula) return formula.flat.points;
  if ('deduct' in formula) return formula.deduct.points;
  if ('per_unit' in formula) return formula.per_unit.points;
  if ('ladder' in formula) return Math.max(...formula.ladder.steps.map(({ points }) => points));
  if ('bracket' in formula) return Math.max(...formula.bracket.rows.map(({ points }) => points));
  if ('range' in formula) return Math.max(Math.abs(formula.range.min), Math.abs(formula.range.max));
  return 'label' in formula ? Math.max(...Object.values(formula.label).map(Math.abs)) : 0;
}
