import type { SchemeDocument, SubjectKind } from '../scheme-document.js';
import { evaluateMetric, type AssessmentTime, type Facts, type MetricValue, type ScoredEntry } from './evaluate.js';
import { directGrades, directGradesInForce, gradeSubjects, gradingsOn } from './grade.js';
import { metricTerm, type MetricScheme } from './metric-term.js';

export interface AssessedSubject {
  readonly id: string;
  readonly kind: SubjectKind;
  readonly place: string;
}

export interface Assessed {
  readonly subject: string;
  /** Absent for a mean without members and a last label without inspection. */
  readonly value?: MetricValue;
  /** By the id of the grading; a grading that gives the subject no grade is left out. */
  readonly grades: Readonly<Record<string, string>>;
}

/**
 * A metric and the gradings on it for all subjects of its kind, in their order. The SQL of `compileMetric` answers the same.
 * @throws RangeError for a metric the scheme does not have, and where a number is beyond what a double holds exactly
 */
export function assessMetric(
  scheme: MetricScheme & Pick<SchemeDocument, 'metrics' | 'gradings'>,
  metricId: string,
  { subjects, entries, memberships, spending = [] }: Facts & { readonly subjects: readonly AssessedSubject[] },
  time: AssessmentTime,
): readonly Assessed[] {
  const metric = scheme.metrics.find(({ id }) => id === metricId);
  if (metric === undefined) throw new RangeError(`the scheme has no metric ${metricId}`);
  const term = metricTerm(scheme, metric);
  const entriesOf = grouped(entries, ({ subject }) => subject);
  const membershipsOf = grouped(memberships, ({ of }) => of);
  const spendingBy = grouped(spending, ({ subject }) => subject);
  const values = subjects
    .filter(({ kind }) => kind === metric.over)
    .map(({ id, place }) => {
      const members = membershipsOf.get(id) ?? [];
      const whose = new Set([id, ...members.map(({ member }) => member)]);
      const of = <Item>(groups: ReadonlyMap<string, readonly Item[]>): readonly Item[] =>
        [...whose].flatMap((each) => groups.get(each) ?? []);
      const facts = { entries: of(entriesOf), memberships: members, spending: of(spendingBy) };
      return { id, place, value: evaluateMetric(term, id, facts, time), own: entriesOf.get(id) ?? [] };
    });
  const grades = values.map((): Record<string, string> => ({}));
  for (const grading of gradingsOn(scheme, metric.id)) {
    const rules = directGrades(scheme, metric, grading);
    const direct = (own: readonly ScoredEntry[]): readonly string[] => directGradesInForce(rules, own, time.cutOff);
    const graded = values.map(({ place, value, own }) => ({ place, direct: direct(own), ...(value && { value }) }));
    for (const [at, code] of gradeSubjects(grading, graded).entries())
      if (code !== undefined) grades[at]![grading.id] = code;
  }
  return values.map(({ id, value }, at) => ({ subject: id, ...(value && { value }), grades: grades[at]! }));
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? [];
    groups.set(keyOf(item), group);
    group.push(item);
  }
  return groups;
}
