import type { EntityManager } from 'typeorm';

/** Any constant of our own; advisory locks are per database. */
const RELEASE_LOCK = 0x72_65_6c_65;

/** A resident's grade that may leave the county, and the run that gave it. */
export interface CurrentGrade {
  readonly run: string;
  readonly schemeId: string;
  readonly fingerprint: string;
  /** Empty where the run gave none. */
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

/** By the released run of the latest period that assessed the resident; of several, by the one made last. */
export async function currentGrade(manager: EntityManager, residentId: string): Promise<CurrentGrade | undefined> {
  const [row] = await manager.query<readonly CurrentGrade[]>(
    `SELECT run.id AS run, run.scheme_id AS "schemeId", run.fingerprint,
      coalesce(result::jsonb -> 'grades' ->> run.exported_grading, '') AS grade
    FROM assessment_result JOIN assessment_run AS run ON run.id = run_id AND run.exported_metric = metric
    JOIN assessment_release USING (run_id)
    WHERE subject_id = $1 ORDER BY run.period_to DESC, run.number DESC LIMIT 1`,
    [residentId],
  );
  return row;
}
