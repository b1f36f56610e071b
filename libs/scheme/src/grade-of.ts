import { scoreBands } from './exported-grading.js';
import type { SchemeDocument } from './scheme-document.js';

/**
 * The grade of a score under a scheme's own bands, half-open `[ge, lt)` (以上 includes the number, 民法典 art. 1259). Only
 * the issuing county calls this: the letter travels, the number never does (design §1.1).
 * @throws RangeError when the scheme has no bands over a score, the score is not an integer, or the bands do not cover it
 *   (`checkScheme` promises they do)
 */
export function gradeOf(scheme: SchemeDocument, score: number): string {
  if (!Number.isSafeInteger(score)) throw new RangeError('a score is an integer');
  const row = scoreBands(scheme)?.rows.find(
    ({ ge, lt }) => (ge === undefined || score >= ge) && (lt === undefined || score < lt),
  );
  if (row === undefined) throw new RangeError('no band covers the score');
  return row.code;
}
