import type { EntityManager } from 'typeorm';
import { type Grading, gradesOf, metricOf, type SchemeDocument } from '#libs/scheme';

/** Any constant of our own; advisory locks are per database. */
const RELEASE_LOCK = 0x72_65_6c_65;

/** A subject's grade, and the run that gave it. */
export interface CurrentGrade {
  readonly run: string;
  readonly period: string;
  readonly schemeId: string;
  readonly fingerprint: string;
  /** Empty where the run gave none, or one that has ended since. */
  readonly grade: string;
}

/** No run is released until this transaction ends. Taken before any resident's lock. */
export async function holdReleases(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock_shared($1)', [RELEASE_LOCK]);
}

/** Nothing is issued, and nothing else released, until this transaction ends. Taken before any resident's lock. */
export async function lockReleases(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [RELEASE_LOCK]);
}

/** What a query of a current grade is about, in SQL. */
interface GradeNames {
  /** The subject's id. */
  readonly subject: string;
  /** An imported grade holds from its first day to its last. */
  readonly day: string;
  /** The id of a run to be taken for released, or NULL. */
  readonly releasing: string;
}

/** The grade of a subject that may leave the county. A SELECT of one row or none. */
export function currentGradeSql(names: GradeNames): string {
  return latestSql('run.exported_metric = metric', 'run.exported_grading', names);
}

/** The grade of a subject under a scheme, by the metric and grading named (SQL, too). A SELECT of one row or none. */
export function heldGradeSql(
  names: GradeNames & { readonly scheme: string; readonly metric: string; readonly grading: string },
): string {
  return latestSql(`run.scheme_id = ${names.scheme} AND metric = ${names.metric}`, names.grading, names);
}

/** By the released run of the latest period that says something of the subject, of several by the one made last. */
function latestSql(which: string, grading: string, { subject, day, releasing }: GradeNames): string {
  return `SELECT run.id AS run, run.period, run.scheme_id AS "schemeId", run.fingerprint,
      CASE WHEN imported.to_day < ${day} THEN '' ELSE coalesce(result::jsonb -> 'grades' ->> ${grading}, '') END AS grade
    FROM assessment_result JOIN assessment_run AS run ON run.id = run_id AND ${which}
    LEFT JOIN imported_grade AS imported USING (run_id, subject_id)
    WHERE subject_id = ${subject} AND (imported.from_day IS NULL OR imported.from_day <= ${day})
      AND (run_id = ${releasing} OR EXISTS (SELECT FROM assessment_release AS release WHERE release.run_id = run.id))
    ORDER BY run.period_to DESC, run.number DESC LIMIT 1`;
}

const NOW = { subject: '$1', day: '$2::date', releasing: 'NULL::uuid' } as const;
const CURRENT = currentGradeSql(NOW);
const HELD = heldGradeSql({ ...NOW, scheme: '$3::text', metric: '$4::text', grading: '$5::text' });

/** @param day `YYYY-MM-DD`, Asia/Shanghai */
export async function currentGrade(
  manager: EntityManager,
  residentId: string,
  day: string,
): Promise<CurrentGrade | undefined> {
  const [row] = await manager.query<readonly CurrentGrade[]>(CURRENT, [residentId, day]);
  return row;
}

/** A grading of a scheme as results name it. */
export interface GradingName {
  readonly scheme: string;
  /** Of an imported grading, its own id. */
  readonly metric: string;
  readonly grading: string;
}

/** The name of a grading in results. */
export function gradingName(document: SchemeDocument, grading: Grading): GradingName {
  return { scheme: document.id, metric: metricOf(document, grading)?.id ?? grading.id, grading: grading.id };
}

/** The grade of a subject, whatever may leave the county. */
export async function heldGrade(
  manager: EntityManager,
  subject: string,
  { scheme, metric, grading }: GradingName,
  day: string,
): Promise<CurrentGrade | undefined> {
  const [row] = await manager.query<readonly CurrentGrade[]>(HELD, [subject, day, scheme, metric, grading]);
  return row;
}

/** Whether a grade of a grading is as high as another, or higher; a grade that it does not have never is. */
export function reaches(grading: Grading, grade: string, atLeast: string): boolean {
  const order = gradesOf(grading);
  return order.includes(grade) && order.indexOf(grade) <= order.indexOf(atLeast);
}
