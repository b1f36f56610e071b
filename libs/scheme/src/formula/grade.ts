import { gradesOf, metricNamedBy } from '../exported-grading.js';
import type { BandRow, Grading, Metric, SchemeDocument } from '../scheme-document.js';
import { isInForce, type MetricValue, type ScoredEntry } from './evaluate.js';

/** A grading that a metric of the scheme decides; an imported grade comes from elsewhere. */
export type MetricGrading = Exclude<Grading, { readonly imported: unknown }>;

export interface GradedSubject {
  readonly place: string;
  /** Absent where there is nothing to grade: no member, no inspection. */
  readonly value?: MetricValue;
  /** The direct grades in force. */
  readonly direct: readonly string[];
}

/** A direct grading (直接判级) that bears on a grading. */
export interface DirectGrade {
  readonly rule: string;
  readonly grade: string;
  readonly months: number;
}

interface Fraction {
  readonly num: number;
  readonly den: number;
}

/** The gradings of a scheme that rest on a metric, in the order of the document. */
export function gradingsOn({ gradings }: Pick<SchemeDocument, 'gradings'>, metric: string): readonly MetricGrading[] {
  return gradings.filter(
    (grading): grading is MetricGrading => !('imported' in grading) && metricNamedBy(grading) === metric,
  );
}

/** The direct gradings of subjects of the metric's kind; nobody's grade falls for what another one did (domain G12). */
export function directGrades(
  { rules }: Pick<SchemeDocument, 'rules'>,
  { over }: Metric,
  grading: Grading,
): readonly DirectGrade[] {
  const grades = gradesOf(grading);
  return rules.flatMap(({ id, subject_kind: kind, formula }) =>
    'override' in formula && kind === over && grades.includes(formula.override.grade)
      ? [{ rule: id, ...formula.override }]
      : [],
  );
}

/** The direct grades in force at the cut-off, whatever period is assessed: they run from the day it happened. */
export function directGradesInForce(
  rules: readonly DirectGrade[],
  entries: readonly ScoredEntry[],
  cutOff: number,
): readonly string[] {
  return rules
    .filter(({ rule, months }) => entries.some((entry) => entry.rule === rule && isInForce(entry, months, cutOff)))
    .map(({ grade }) => grade);
}

/**
 * The grade of each subject, in their order; `undefined` where it has none. While a direct grade is in force nothing lifts
 * the subject above it; of several, and of what the metric gives, the lowest holds. A subject without a grade from the
 * metric has the direct one. Exact: fractions are compared by cross-multiplication.
 * @param subjects all that are compared: those without a number are not among them
 */
export function gradeSubjects(
  grading: MetricGrading,
  subjects: readonly GradedSubject[],
): readonly (string | undefined)[] {
  const order = gradesOf(grading);
  const earned = earnedGrades(grading, subjects);
  return subjects.map(({ direct }, at) => {
    const code = earned[at];
    return order.findLast((grade) => grade === code || direct.includes(grade));
  });
}

function earnedGrades(grading: MetricGrading, subjects: readonly GradedSubject[]): readonly (string | undefined)[] {
  if ('relative' in grading) return relativeGrades(grading.relative, subjects);
  return subjects.map(({ value }) => (value === undefined ? undefined : gradeOfValue(grading, value)));
}

/** A grading that needs no other subject to compare with. */
export type OwnGrading = Exclude<MetricGrading, { readonly relative: unknown }>;

/**
 * The grade that a value has by itself, whatever direct grade is in force; `undefined` for none. Only the issuing county
 * calls it: the letter travels, the number never does (design §1.1).
 */
export function gradeOfValue(grading: OwnGrading, value: MetricValue): string | undefined {
  if ('label' in value) return 'labels' in grading ? value.label : undefined;
  if ('bands' in grading) return grading.bands.rows.find((row) => isInBand(value, row))?.code;
  if ('labels' in grading) return undefined;
  const { op, value: bar, code } = grading.predicate;
  return isMore(op, compare(value, { num: bar, den: 1 })) ? code : undefined;
}

function isInBand(value: Fraction, { ge, lt }: BandRow): boolean {
  return (
    (ge === undefined || compare(value, { num: ge, den: 1 }) >= 0) &&
    (lt === undefined || compare(value, { num: lt, den: 1 }) < 0)
  );
}

type Relative = Extract<Grading, { readonly relative: unknown }>['relative'];

function relativeGrades(relative: Relative, subjects: readonly GradedSubject[]): readonly (string | undefined)[] {
  const groups = new Map<string, Fraction[]>();
  const groupOf = ({ place }: GradedSubject): string => (relative.scope === 'place' ? place : '');
  for (const subject of subjects) {
    const { value } = subject;
    if (value === undefined || 'label' in value) continue;
    const group = groups.get(groupOf(subject)) ?? [];
    groups.set(groupOf(subject), group);
    group.push(value);
  }
  for (const group of groups.values()) group.sort((one, other) => compare(other, one));
  const codes = new Map([...groups].map(([place, ranked]) => [place, isAhead(relative, ranked)]));
  return subjects.map((subject) => {
    const { value } = subject;
    if (value === undefined || 'label' in value) return undefined;
    return codes.get(groupOf(subject))?.(value) === true ? relative.code : undefined;
  });
}

/** Whether a value stands out among those of its group, who are ranked from the highest on. */
function isAhead(relative: Relative, ranked: readonly Fraction[]): (value: Fraction) => boolean {
  const better = (value: Fraction): number => ranked.findIndex((other) => compare(other, value) <= 0);
  switch (relative.vs) {
    case 'rank':
      return (value) => better(value) + 1 <= relative.value;
    case 'percentile':
      return (value) => (better(value) + 1) * 100 <= relative.value * ranked.length;
    case 'mean': {
      const mean = meanOf(ranked);
      return (value) => isMore(relative.op, compareExact(value, mean));
    }
    case 'median': {
      const middle = (ranked.length - 1) / 2;
      const median = meanOf([ranked[Math.floor(middle)]!, ranked[Math.ceil(middle)]!]);
      return (value) => isMore(relative.op, compareExact(value, median));
    }
  }
}

interface ExactFraction {
  readonly num: bigint;
  readonly den: bigint;
}

function meanOf(values: readonly Fraction[]): ExactFraction {
  let [num, den] = [0n, 1n];
  for (const value of values) {
    if (den % BigInt(value.den) !== 0n) [num, den] = [num * BigInt(value.den), den * BigInt(value.den)];
    num += BigInt(value.num) * (den / BigInt(value.den));
  }
  return { num, den: den * BigInt(values.length) };
}

/** Negative, 0 or positive, as `one` is less than, equal to or more than `other`. */
function compare(one: Fraction, other: Fraction): number {
  return compareExact(one, { num: BigInt(other.num), den: BigInt(other.den) });
}

function compareExact(one: Fraction, other: ExactFraction): number {
  const difference = BigInt(one.num) * other.den - other.num * BigInt(one.den);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

function isMore(op: 'gt' | 'ge', comparison: number): boolean {
  return op === 'gt' ? comparison > 0 : comparison >= 0;
}
