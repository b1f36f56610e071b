import type { EntityManager } from 'typeorm';

/** Any constant of our own; advisory locks are per database. */
const RELEASE_LOCK = 0x72_65_6c_65;

/** A resident's grade that may leave the county, and the run that gave it. */
export interface CurrentGrade {
  readonly run: string;
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

/**
 * The current grade of a subject that may leave the county: by the released run of the latest period that says something of
 * it, of several by the one made last; an imported grade from its first day to its last. A SELECT of one row or none.
 * @param names SQL: the subject's id, the day, and the id of a run to be taken for released, or NULL
 */
export function currentGradeSql(names: {
  readonly subject: string;
  readonly day: string;
  readonly releasing: string;
}): string {
  return `SELECT run.id AS run, run.scheme_id AS "schemeId", run.fingerprint,
      CASE WHEN imported.to_day < ${names.day} THEN '' ELSE coalesce(result::jsonb -> 'grades' ->> run.exported_grading, '') END AS grade
    FROM assessment_result JOIN assessment_run AS run ON run.id = run_id AND run.exported_metric = metric
    LEFT JOIN imported_grade AS imported USING (run_id, subject_id)
    WHERE subject_id = ${names.subject} AND (imported.from_day IS NULL OR imported.from_day <= ${names.day})
      AND (run_id = ${names.releasing} OR EXISTS (SELECT FROM assessment_release AS release WHERE release.run_id = run.id))
    ORDER BY run.period_to DESC, run.number DESC LIMIT 1`;
}

const CURRENT = currentGradeSql({ subject: '$1', day: '$2::date', releasing: 'NULL::uuid' });

/** @param day `YYYY-MM-DD`, Asia/Shanghai */
export async function currentGrade(
  manager: EntityManager,
  residentId: string,
  day: string,
): Promise<CurrentGrade | undefined> {
  const [row] = await manager.query<readonly CurrentGrade[]>(CURRENT, [residentId, day]);
  return row;
}
