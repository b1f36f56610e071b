import type { SchemeDocument } from './scheme-document.js';

/**
 * The grade of a score under a scheme's own bands, half-open `[ge, lt)` (以上 includes the number, 民法典 art. 1259). Only
 * the issuing county calls this: the letter travels, the number never does (design §1.1).
 * @throws RangeError when the score is not an integer or the bands do not cover it (`checkScheme` promises they do)
 */
export function gradeOf(scheme: SchemeDocument, score: number): string {
  if (!Number.isSafeInteger(score)) throw new RangeError('a score is an integer');
  const row = scheme.grading.bands.rows.find(
    ({ ge, lt }) => (ge === undefined || score >= ge) && (lt === undefined || score < lt),
  );
  if (row === undefined) throw new RangeError('no band covers the score');
  return row.code;
}

/** The order of a scheme's grades, as a scheme document or a declaration on the wire gives it. */
export interface GradeLadder {
  /** Highest first. */
  readonly grades: readonly string[];
  /** The lowest grade that may be shown. */
  readonly positiveFloor: string;
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
