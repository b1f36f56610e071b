import { shanghaiDay, shanghaiDayStart } from '#libs/calendar';
import type { SchemeDeclaration } from '#libs/scheme';
import { BANDS, bandAtLeast, isBand } from './bands.js';
import { isNarrowing } from './diff-tables.js';
import { bandOf, type EquivalenceTable } from './equivalence-table.js';

export type TableFaultCode =
  | 'UNMAPPABLE_BASIS'
  | 'UNMAPPABLE_SUBJECT'
  | 'SCHEME_MISMATCH'
  | 'FINGERPRINT_NOT_DECLARED'
  | 'BAND_UNKNOWN'
  | 'GRADE_UNKNOWN'
  | 'GRADE_NOT_COVERED'
  | 'GRADE_COVERED_TWICE'
  | 'GRADE_BELOW_POSITIVE_FLOOR'
  | 'NOT_MONOTONE'
  | 'VERSION_NOT_NEXT'
  | 'EFFECTIVE_FROM_INVALID'
  | 'EFFECTIVE_FROM_NOT_LATER'
  | 'NOTICE_TOO_SHORT';

export interface TableFault {
  readonly code: TableFaultCode;
  /** Where, as a JSON Pointer (RFC 6901). */
  readonly path: string;
  readonly message: string;
}

export interface TableSubmission {
  /** When the version was submitted, Unix seconds. */
  readonly submittedAt: number;
  /** The last version published for the same (scheme, fingerprint); none before version 1. */
  readonly previous?: EquivalenceTable;
  /** A suspended version maps nothing, so whatever follows it widens and needs the full notice. */
  readonly previousSuspended?: boolean;
}

const NOTICE_SECONDS = 7 * 86_400;

/**
 * The lint of design §4.4 over an equivalence table before anyone signs it: basis and subject mappable, fingerprint the
 * declared one, every grade mapped or excluded and not both, bands of the shared scale only, monotone with *excluded*
 * below every band, grades under the positive floor excluded, the version the next one, 7 days' notice or none for a
 * narrowing. Promises all faults at once, `[]` for a sound table.
 */
export function lintTable(
  table: EquivalenceTable,
  declaration: SchemeDeclaration,
  submission: TableSubmission,
): readonly TableFault[] {
  return [
    ...lintScheme(table, declaration),
    ...lintCoverage(table, declaration),
    ...lintOrder(table, declaration),
    ...lintSuccession(table, submission),
    ...lintNotice(table, submission),
  ];
}

function fault(code: TableFaultCode, path: string, message: string): TableFault {
  return { code, path, message };
}

function pointer(...members: readonly (string | number)[]): string {
  return members.map((member) => `/${String(member).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function lintScheme({ scheme }: EquivalenceTable, declaration: SchemeDeclaration): TableFault[] {
  const faults: TableFault[] = [];
  if (declaration.basis !== 'graded')
    faults.push(fault('UNMAPPABLE_BASIS', '/scheme/id', 'only a graded scheme has grades that can be mapped'));
  if (declaration.subject !== 'person')
    faults.push(fault('UNMAPPABLE_SUBJECT', '/scheme/id', 'only a scheme of persons can be mapped'));
  if (scheme.id !== declaration.id)
    faults.push(fault('SCHEME_MISMATCH', '/scheme/id', 'the declaration is of another scheme'));
  if (scheme.fingerprint !== declaration.fingerprint)
    faults.push(fault('FINGERPRINT_NOT_DECLARED', '/scheme/fingerprint', 'the county has not declared this one'));
  return faults;
}

function lintCoverage(table: EquivalenceTable, { grades }: SchemeDeclaration): TableFault[] {
  const faults: TableFault[] = [];
  for (const [grade, band] of Object.entries(table.map)) {
    if (!grades.includes(grade))
      faults.push(fault('GRADE_UNKNOWN', pointer('map', grade), 'the scheme has no such grade'));
    if (!isBand(band)) faults.push(fault('BAND_UNKNOWN', pointer('map', grade), `bands are ${BANDS.join(', ')}`));
  }
  for (const [at, grade] of table.excluded.entries()) {
    if (!grades.includes(grade))
      faults.push(fault('GRADE_UNKNOWN', pointer('excluded', at), 'the scheme has no such grade'));
    if (Object.hasOwn(table.map, grade) || table.excluded.indexOf(grade) !== at)
      faults.push(fault('GRADE_COVERED_TWICE', pointer('excluded', at), 'mapped or excluded already'));
  }
  for (const grade of grades)
    if (!Object.hasOwn(table.map, grade) && !table.excluded.includes(grade))
      faults.push(fault('GRADE_NOT_COVERED', '/map', `neither mapped nor excluded: ${grade}`));
  return faults;
}

function lintOrder(table: EquivalenceTable, { grades, positiveFloor }: SchemeDeclaration): TableFault[] {
  const faults: TableFault[] = [];
  const floor = grades.indexOf(positiveFloor);
  for (const [at, grade] of grades.entries()) {
    const band = bandOf(table, grade);
    if (band === undefined) continue;
    const path = pointer('map', grade);
    if (at > floor) faults.push(fault('GRADE_BELOW_POSITIVE_FLOOR', path, 'below the positive floor: exclude it'));
    if (grades.slice(0, at).some((higher) => !bandAtLeast(bandOf(table, higher), band)))
      faults.push(fault('NOT_MONOTONE', path, 'a higher grade has a lower band or none'));
  }
  return faults;
}

function lintSuccession(table: EquivalenceTable, { previous }: TableSubmission): TableFault[] {
  const faults: TableFault[] = [];
  if (table.version !== (previous?.version ?? 0) + 1)
    faults.push(fault('VERSION_NOT_NEXT', '/version', 'versions count up by one, from 1'));
  if (previous === undefined) return faults;
  if (previous.scheme.id !== table.scheme.id || previous.scheme.fingerprint !== table.scheme.fingerprint)
    faults.push(fault('SCHEME_MISMATCH', '/scheme', 'the previous version is of another scheme or fingerprint'));
  if (table.effectiveFrom <= previous.effectiveFrom)
    faults.push(fault('EFFECTIVE_FROM_NOT_LATER', '/effectiveFrom', 'must start after the previous version'));
  return faults;
}

function lintNotice(table: EquivalenceTable, submission: TableSubmission): TableFault[] {
  const start = startOf(table);
  if (start === undefined) return [fault('EFFECTIVE_FROM_INVALID', '/effectiveFrom', 'no such calendar day')];
  const { submittedAt, previous, previousSuspended } = submission;
  if (previous !== undefined && previousSuspended !== true && isNarrowing(previous, table))
    // From today on, but not backwards: what was decided under the previous version stays explained by it.
    return table.effectiveFrom >= shanghaiDay(submittedAt)
      ? []
      : [fault('NOTICE_TOO_SHORT', '/effectiveFrom', 'a narrowing may start today, not earlier')];
  return start >= submittedAt + NOTICE_SECONDS
    ? []
    : [fault('NOTICE_TOO_SHORT', '/effectiveFrom', 'must start 7 days after submission or later')];
}

function startOf({ effectiveFrom }: EquivalenceTable): number | undefined {
  try {
    return shanghaiDayStart(effectiveFrom);
  } catch {
    return undefined;
  }
}
