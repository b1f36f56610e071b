import type { BandRow, Grading, Metric, SchemeDocument, SubjectKind } from './scheme-document.js';

/** The grades a grading gives, highest first; of a predicate or a comparison, its one code. */
export function gradesOf(grading: Grading): readonly string[] {
  if ('bands' in grading) return grading.bands.rows.map(({ code }) => code);
  if ('labels' in grading) return grading.labels.order;
  if ('imported' in grading) return grading.imported.order;
  return ['predicate' in grading ? grading.predicate.code : grading.relative.code];
}

/** The metric that a grading names; an imported grade names none. */
export function metricNamedBy(grading: Grading): string | undefined {
  if ('bands' in grading) return grading.bands.metric;
  if ('predicate' in grading) return grading.predicate.metric;
  if ('relative' in grading) return grading.relative.metric;
  return 'labels' in grading ? grading.labels.metric : undefined;
}

/** The metric a grading reads, or `undefined`: it is imported, or the scheme has no such metric. */
export function metricOf({ metrics }: Pick<SchemeDocument, 'metrics'>, grading: Grading): Metric | undefined {
  const named = metricNamedBy(grading);
  return named === undefined ? undefined : metrics.find(({ id }) => id === named);
}

/** Whom a grading grades. */
export function subjectOf(scheme: Pick<SchemeDocument, 'metrics'>, grading: Grading): SubjectKind | undefined {
  return 'imported' in grading ? grading.imported.over : metricOf(scheme, grading)?.over;
}

/** The order of a scheme's grades, as a scheme document or a declaration on the wire gives it. */
export interface GradeLadder {
  /** Highest first. */
  readonly grades: readonly string[];
  /** The lowest grade that may be shown. */
  readonly positiveFloor: string;
}

/** The grades that may leave the county as a tier, and where they come from. */
export interface ExportedGrading extends GradeLadder {
  readonly grading: Grading;
  readonly subject: SubjectKind;
}

/**
 * What of a scheme may be mapped to bands: the grades of its grading with a positive floor, if it is graded, its subjects are
 * persons and it says `export: band` (domain 3.3). `undefined` otherwise: then no tier is ever issued under it.
 */
export function exportedGrading(scheme: SchemeDocument): ExportedGrading | undefined {
  const grading = scheme.gradings.find(({ positive_floor: floor }) => floor !== undefined);
  if (scheme.export !== 'band' || scheme.basis !== 'graded' || grading?.positive_floor === undefined) return undefined;
  const subject = subjectOf(scheme, grading);
  if (subject !== 'person') return undefined;
  return { grading, subject, grades: gradesOf(grading), positiveFloor: grading.positive_floor };
}

/**
 * The thresholds a holder of `grade` may show, weakest first: every positive grade up to it (`AA` → `['A', 'AA']`).
 * Empty below the positive floor and for anything that is not a grade of the ladder: nothing is issued then (design §4.1).
 */
export function positiveGradesUpTo({ grades, positiveFloor }: GradeLadder, grade: string): readonly string[] {
  const held = grades.indexOf(grade);
  const floor = grades.indexOf(positiveFloor);
  return held === -1 || floor === -1 ? [] : grades.slice(held, floor + 1).toReversed();
}

/** A score's bands and what it starts from. */
export interface ScoreBands {
  readonly metric: string;
  readonly base: number;
  /** Highest grade first. */
  readonly rows: readonly BandRow[];
}

/** The bands of a scheme whose exported grades are bands over a base plus points; `undefined` for any other scheme. */
export function scoreBands(scheme: SchemeDocument): ScoreBands | undefined {
  const grading = exportedGrading(scheme)?.grading;
  if (grading === undefined || !('bands' in grading)) return undefined;
  const metric = metricOf(scheme, grading);
  if (metric === undefined || !('base_plus_sum' in metric.formula)) return undefined;
  return { metric: metric.id, base: metric.formula.base_plus_sum.base, rows: grading.bands.rows };
}
