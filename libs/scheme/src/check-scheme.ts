import { isCalendarDay } from '#libs/calendar';
import { exportedGrading, gradesOf, metricNamedBy, metricOf } from './exported-grading.js';
import { forbiddenSubjectOf } from './forbidden-subjects.js';
import type { BandRow, SchemeDocument } from './scheme-document.js';

export type SchemeFaultCode =
  | 'DAY_UNKNOWN'
  | 'VALIDITY_EMPTY'
  | 'EXPORT_NOT_ALLOWED'
  | 'GRADE_DUPLICATE'
  | 'POSITIVE_FLOOR_UNKNOWN'
  | 'METRIC_UNKNOWN'
  | 'BAND_EMPTY'
  | 'BANDS_GAP'
  | 'BANDS_OVERLAP'
  | 'BANDS_NOT_COVERING'
  | 'RULE_ID_DUPLICATE'
  | 'RULE_SUBJECT_FORBIDDEN'
  | 'RULE_SUBJECT_KIND_UNKNOWN';

export interface SchemeFault {
  readonly code: SchemeFaultCode;
  /** Where, as a JSON Pointer (RFC 6901). */
  readonly path: string;
  readonly message: string;
}

/**
 * What a JSON Schema cannot say about a scheme document: bands half-open, contiguous and covering every score, in the
 * order of the grades; the positive floor a grade; rule ids unique; no forbidden subject (domain G1); a band exported
 * only from a graded scheme of persons (domain 3.3). Promises all faults at once, `[]` for a sound document.
 * @param scheme already valid against `config/schemas/scheme.schema.json`
 */
export function checkScheme(scheme: SchemeDocument): readonly SchemeFault[] {
  return [...checkDays(scheme), ...checkExport(scheme), ...checkGradings(scheme), ...checkRules(scheme)];
}

function fault(code: SchemeFaultCode, path: string, message: string): SchemeFault {
  return { code, path, message };
}

function checkDays({ valid, adopted_by: adopted }: SchemeDocument): SchemeFault[] {
  const days: [string, string | undefined][] = [
    ['/valid/from', valid.from],
    ['/valid/to', valid.to],
    ['/adopted_by/date', adopted?.date],
  ];
  const faults = days
    .filter(([, day]) => day !== undefined && !isCalendarDay(day))
    .map(([path]) => fault('DAY_UNKNOWN', path, 'no such calendar day'));
  if (valid.to !== undefined && valid.to < valid.from)
    faults.push(fault('VALIDITY_EMPTY', '/valid/to', 'the last day lies before the first'));
  return faults;
}

function checkExport(scheme: SchemeDocument): SchemeFault[] {
  const onlyPersons = scheme.subject_kinds.length > 0 && scheme.subject_kinds.every((kind) => kind === 'person');
  if (scheme.export !== 'band' || (onlyPersons && exportedGrading(scheme) !== undefined)) return [];
  const message = 'only the grades of a graded scheme of persons, with a positive floor, may be mapped to bands';
  return [fault('EXPORT_NOT_ALLOWED', '/export', message)];
}

function checkGradings(scheme: SchemeDocument): SchemeFault[] {
  return scheme.gradings.flatMap((grading, at) => {
    const path = `/gradings/${at}`;
    const grades = gradesOf(grading);
    const faults = repeated(grades).map((grade) =>
      fault('GRADE_DUPLICATE', path, `the grade ${grades[grade]} stands twice`),
    );
    if (grading.positive_floor !== undefined && !grades.includes(grading.positive_floor))
      faults.push(fault('POSITIVE_FLOOR_UNKNOWN', `${path}/positive_floor`, 'the positive floor is no grade of it'));
    if (metricNamedBy(grading) !== undefined && metricOf(scheme, grading) === undefined)
      faults.push(fault('METRIC_UNKNOWN', path, 'no metric has this id'));
    return 'bands' in grading ? [...faults, ...checkBands(grading.bands.rows, `${path}/bands/rows`)] : faults;
  });
}

function checkBands(rows: readonly BandRow[], path: string): SchemeFault[] {
  return rows.flatMap((row, at) => checkRow(row, rows[at - 1], rows[at + 1], `${path}/${at}`));
}

/** One row against its neighbours; `above` is the next higher grade. */
function checkRow(row: BandRow, above: BandRow | undefined, below: BandRow | undefined, path: string): SchemeFault[] {
  const faults: SchemeFault[] = [];
  if (row.ge !== undefined && row.lt !== undefined && row.ge >= row.lt)
    faults.push(fault('BAND_EMPTY', path, 'no score lies in this row'));
  if (above === undefined && row.lt !== undefined)
    faults.push(fault('BANDS_NOT_COVERING', `${path}/lt`, 'the highest grade must be open upwards'));
  if (below === undefined && row.ge !== undefined)
    faults.push(fault('BANDS_NOT_COVERING', `${path}/ge`, 'the lowest grade must be open downwards'));
  if (above !== undefined) {
    const upper = row.lt ?? Infinity;
    const next = above.ge ?? -Infinity;
    if (upper < next) faults.push(fault('BANDS_GAP', `${path}/lt`, 'scores between this row and the one above it'));
    if (upper > next) faults.push(fault('BANDS_OVERLAP', `${path}/lt`, 'scores in this row and in the one above it'));
  }
  return faults;
}

function checkRules({ rules, subject_kinds: kinds }: SchemeDocument): SchemeFault[] {
  const faults = repeated(rules.map((rule) => rule.id)).map((at) =>
    fault('RULE_ID_DUPLICATE', `/rules/${at}/id`, 'another rule has this id'),
  );
  for (const [at, rule] of rules.entries()) {
    const subject = forbiddenSubjectOf(rule);
    if (subject !== undefined)
      faults.push(fault('RULE_SUBJECT_FORBIDDEN', `/rules/${at}`, `no rule may score this subject: ${subject}`));
    if (!kinds.includes(rule.subject_kind))
      faults.push(
        fault('RULE_SUBJECT_KIND_UNKNOWN', `/rules/${at}/subject_kind`, 'the scheme has no subjects of this kind'),
      );
  }
  return faults;
}

/** The positions of values that stood earlier in the list. */
function repeated(values: readonly string[]): number[] {
  return [...values.keys()].filter((at) => values.indexOf(values[at]!) !== at);
}
