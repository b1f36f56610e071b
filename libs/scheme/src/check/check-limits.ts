import { exportedGrading } from '../exported-grading.js';
import type { Publicity, SchemeDocument } from '../scheme-document.js';
import { faultAt, type SchemeFault } from './fault-texts.js';

/** As it travels: docs/wire.md, ADR 6. */
const GRADE_ON_THE_WIRE = /^[A-Z0-9][A-Z0-9+-]{0,7}$/;
const MOST_BLACK_LIST_DAYS = 30;

/** What may leave the county (domain 3.3). */
export function checkExport(scheme: SchemeDocument): SchemeFault[] {
  const { basis, subject_kinds: kinds } = scheme;
  if (scheme.export === 'none') return [];
  if (basis === 'internal' || basis === 'lender') return [faultAt('EXPORT_FORBIDDEN', '/export')];
  if (scheme.export === 'badge') {
    // Minors have no gradings, and `checkMinors` says so.
    const isWorded = scheme.minors !== undefined || scheme.gradings.some(({ badge }) => badge !== undefined);
    return isWorded ? [] : [faultAt('BADGE_MISSING', '/export')];
  }
  const exported = exportedGrading(scheme);
  if (exported === undefined || kinds.some((kind) => kind !== 'person'))
    return [faultAt('EXPORT_NOT_ALLOWED', '/export')];
  const path = `/gradings/${scheme.gradings.indexOf(exported.grading)}`;
  return exported.grades
    .filter((grade) => !GRADE_ON_THE_WIRE.test(grade))
    .map((grade) => faultAt('GRADE_NOT_EXPORTABLE', path, grade));
}

/** A scheme for minors keeps a log and scores nothing (domain G9, F07). */
export function checkMinors(scheme: SchemeDocument): SchemeFault[] {
  if (scheme.minors === undefined) return [];
  const faults: SchemeFault[] = [];
  for (const part of ['rules', 'metrics', 'gradings', 'catalogue', 'benefits'] as const)
    if ((scheme[part] ?? []).length > 0) faults.push(faultAt('MINORS_SCORED', `/${part}`));
  if (scheme.balance !== 'none') faults.push(faultAt('MINORS_SCORED', '/balance'));
  if (scheme.export !== 'none') faults.push(faultAt('MINORS_SCORED', '/export'));
  return faults;
}

/** A black list is off by default; one that a place has turned on is short, local and stays there (domain G8). */
export function checkPublicity({ publicity = [], export: leaves }: SchemeDocument): SchemeFault[] {
  return publicity.flatMap((shown, at) =>
    isBlackList(shown) ? checkBlackList(shown, leaves, `/publicity/${at}`) : [],
  );
}

function isBlackList({ surface, enabled }: Publicity): boolean {
  return surface === 'black_list' && enabled === true;
}

function checkBlackList({ days, scope }: Publicity, leaves: SchemeDocument['export'], path: string): SchemeFault[] {
  const faults: SchemeFault[] = [];
  if (days === undefined || days > MOST_BLACK_LIST_DAYS) faults.push(faultAt('BLACK_LIST_DAYS', path));
  if (scope !== 'group') faults.push(faultAt('BLACK_LIST_SCOPE', `${path}/scope`));
  if (leaves !== 'none') faults.push(faultAt('BLACK_LIST_EXPORTED', '/export'));
  return faults;
}
