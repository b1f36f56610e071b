import { gradesOf, metricNamedBy, subjectOf } from '../exported-grading.js';
import type { BandRow, Grading, Metric, SchemeDocument, SchemeRule, SubjectKind } from '../scheme-document.js';
import { fallsBySpending } from '../formula/metric-term.js';
import { faultAt, type SchemeFault } from './fault-texts.js';

const WITH_MEMBERS: ReadonlySet<SubjectKind> = new Set(['household', 'building', 'group', 'enterprise']);

/** Metrics: their subjects and rules are the scheme's. */
export function checkMetrics({ metrics, rules, subject_kinds: kinds }: SchemeDocument): SchemeFault[] {
  const ruleOf = new Map(rules.map((rule) => [rule.id, rule]));
  return metrics.flatMap((metric, at) => {
    const { over, formula } = metric;
    const path = `/metrics/${at}`;
    const faults: SchemeFault[] = [];
    if (!kinds.includes(over)) faults.push(faultAt('SUBJECT_KIND_UNKNOWN', `${path}/over`, over));
    if ('mean_per_member' in formula && !WITH_MEMBERS.has(over))
      faults.push(faultAt('MEAN_WITHOUT_MEMBERS', `${path}/over`, over));
    for (const [id, place] of rulesNamedBy(metric))
      if (!ruleOf.has(id)) faults.push(faultAt('RULE_UNKNOWN', `${path}/formula${place}`, id));
    if ('last_label' in formula) {
      const rule = ruleOf.get(formula.last_label.rule);
      if (rule !== undefined && !('label' in rule.formula))
        faults.push(faultAt('RULE_WITHOUT_LABELS', `${path}/formula/last_label/rule`, rule.id));
    }
    return faults;
  });
}

/** The rules a metric names, each with its place in the formula. */
function rulesNamedBy({ formula }: Metric): readonly (readonly [id: string, place: string])[] {
  if ('last_label' in formula) return [[formula.last_label.rule, '/last_label/rule']];
  return Object.entries(formula).flatMap(([kind, { rules = [] }]: [string, { readonly rules?: readonly string[] }]) =>
    rules.map((id, at) => [id, `/${kind}/rules/${at}`] as const),
  );
}

/** The rules whose points or entries a metric is made of: those it names, else all. */
export function rulesCountedBy(metric: Metric, rules: readonly SchemeRule[]): readonly SchemeRule[] {
  const named = new Set(rulesNamedBy(metric).map(([id]) => id));
  return named.size === 0 ? rules : rules.filter(({ id }) => named.has(id));
}

/** Gradings: each reads a metric that fits it, and leaves no number without a grade or with two. */
export function checkGradings(scheme: SchemeDocument): SchemeFault[] {
  const floors = scheme.gradings.flatMap(({ positive_floor: floor }, at) => (floor === undefined ? [] : [at]));
  return [
    ...floors.slice(1).map((at) => faultAt('POSITIVE_FLOOR_SEVERAL', `/gradings/${at}/positive_floor`)),
    ...scheme.gradings.flatMap((grading, at) => [
      ...checkGrades(grading, scheme, `/gradings/${at}`),
      ...checkBadge(grading, scheme, `/gradings/${at}/badge`),
      ...checkMetricOf(grading, scheme, `/gradings/${at}`),
      ...checkKind(grading, `/gradings/${at}`),
    ]),
  ];
}

function checkGrades(grading: Grading, { subject_kinds: kinds }: SchemeDocument, path: string): SchemeFault[] {
  const grades = gradesOf(grading);
  const { positive_floor: floor } = grading;
  const faults = grades
    .filter((grade, at) => grades.indexOf(grade) !== at)
    .map((grade) => faultAt('GRADE_DUPLICATE', path, grade));
  if (floor !== undefined && !grades.includes(floor))
    faults.push(faultAt('POSITIVE_FLOOR_UNKNOWN', `${path}/positive_floor`, floor));
  if ('imported' in grading && !kinds.includes(grading.imported.over))
    faults.push(faultAt('SUBJECT_KIND_UNKNOWN', `${path}/imported/over`, grading.imported.over));
  return faults;
}

/** Somebody must be able to show it: who has the grade, or an adult of the household that has it (domain 3.3). */
function checkBadge(grading: Grading, scheme: SchemeDocument, path: string): SchemeFault[] {
  if (grading.badge === undefined) return [];
  const { at_least: grade } = grading.badge;
  const faults: SchemeFault[] = [];
  if (!gradesOf(grading).includes(grade)) faults.push(faultAt('BADGE_GRADE_UNKNOWN', `${path}/at_least`, grade));
  const subject = subjectOf(scheme, grading);
  if (subject !== undefined && subject !== 'person' && subject !== 'household')
    faults.push(faultAt('BADGE_SUBJECT', path, subject));
  return faults;
}

function checkMetricOf(grading: Grading, scheme: SchemeDocument, path: string): SchemeFault[] {
  const { metrics, rules } = scheme;
  const named = metricNamedBy(grading);
  if (named === undefined) return [];
  const metric = metrics.find(({ id }) => id === named);
  if (metric === undefined) return [faultAt('METRIC_UNKNOWN', path, named)];
  const { formula } = metric;
  if (!('labels' in grading)) {
    if ('last_label' in formula) return [faultAt('METRIC_NOT_A_NUMBER', path, named)];
    return 'predicate' in grading ? checkPredicate(grading.predicate, leastOf(metric, scheme), path) : [];
  }
  if (!('last_label' in formula)) return [faultAt('METRIC_NOT_A_LABEL', path, named)];
  const rule = rules.find(({ id }) => id === formula.last_label.rule);
  if (rule === undefined || !('label' in rule.formula)) return [];
  const isSame = Object.keys(rule.formula.label).toSorted().join('\n') === grading.labels.order.toSorted().join('\n');
  return isSame ? [] : [faultAt('LABELS_NOT_OF_RULE', `${path}/labels/order`, rule.id)];
}

/** The number a metric never falls below; `undefined` where deductions, or what is spent, can take it anywhere. */
function leastOf(metric: Metric, scheme: SchemeDocument): number | undefined {
  const { formula } = metric;
  if ('count' in formula) return 0;
  if (fallsBySpending(scheme, metric) || rulesCountedBy(metric, scheme.rules).some(canDeduct)) return undefined;
  return 'base_plus_sum' in formula ? formula.base_plus_sum.base : 0;
}

/** Whether an entry of the rule may take points off. */
export function canDeduct({ formula }: SchemeRule): boolean {
  if ('deduct' in formula) return true;
  if ('range' in formula) return formula.range.min < 0;
  return 'label' in formula && Object.values(formula.label).some((points) => points < 0);
}

function checkPredicate(
  { op, value }: { readonly op: 'gt' | 'ge'; readonly value: number },
  least: number | undefined,
  path: string,
): SchemeFault[] {
  const isAlwaysMet = least !== undefined && (op === 'ge' ? value <= least : value < least);
  return isAlwaysMet ? [faultAt('PREDICATE_ALWAYS', `${path}/predicate/value`, String(least))] : [];
}

function checkKind(grading: Grading, path: string): SchemeFault[] {
  if ('bands' in grading)
    return grading.bands.rows.flatMap((row, at, rows) =>
      checkBandRow(row, rows[at - 1], rows[at + 1], `${path}/bands/rows/${at}`),
    );
  if ('relative' in grading && grading.relative.vs === 'percentile' && grading.relative.value > 100)
    return [faultAt('PERCENT_BEYOND_HUNDRED', `${path}/relative/value`)];
  return [];
}

/** One row against its neighbours; `above` is the next higher grade. */
function checkBandRow(
  row: BandRow,
  above: BandRow | undefined,
  below: BandRow | undefined,
  path: string,
): SchemeFault[] {
  const faults: SchemeFault[] = [];
  if (row.ge !== undefined && row.lt !== undefined && row.ge >= row.lt) faults.push(faultAt('BAND_EMPTY', path));
  if (above === undefined && row.lt !== undefined) faults.push(faultAt('BANDS_NOT_COVERING', `${path}/lt`));
  if (below === undefined && row.ge !== undefined) faults.push(faultAt('BANDS_NOT_COVERING', `${path}/ge`));
  if (above !== undefined) {
    const upper = row.lt ?? Infinity;
    const next = above.ge ?? -Infinity;
    if (upper < next) faults.push(faultAt('BANDS_GAP', `${path}/lt`));
    if (upper > next) faults.push(faultAt('BANDS_OVERLAP', `${path}/lt`));
  }
  return faults;
}
