import type { EntityManager } from 'typeorm';
import { staffCovers } from '#libs/staff';
import { subjectsByHandle } from '../subjects/find-subjects.js';
import { refusal, type Scope } from '../redemption/scheme-scope.js';

/** Whoever has this grade, or any of the grading's where none is named. */
interface GradePredicate {
  readonly grading: string;
  readonly grade?: string;
}

/** Who is on the list of a day: those named, or those to whom a released run gave all of some grades. */
export type Invitation =
  | { readonly subjects: readonly string[] }
  | ({ readonly run: string; readonly also?: readonly GradePredicate[] } & GradePredicate);

/**
 * @param schemes of the day: a run is of one of them
 * @returns ids of subjects
 * @throws GatewayError SUBJECT_UNKNOWN naming the place in the list; INVITATION_INVALID for a run that is not released or of another
 *   scheme, or a grading it knows nothing of
 */
export async function invitedBy(
  manager: EntityManager,
  invitation: Invitation,
  schemes: readonly string[],
  scope: Scope,
): Promise<readonly string[]> {
  if ('subjects' in invitation) return named(manager, invitation.subjects, scope);
  const { run, also = [], grading, grade } = invitation;
  const predicates = [{ grading, ...(grade === undefined ? {} : { grade }) }, ...also];
  await refuseUnknown(manager, run, schemes, predicates);
  const rows = await manager.query<readonly { readonly subject: string }[]>(
    `SELECT DISTINCT survivor_of(subject_id) AS subject FROM (
      SELECT subject_id FROM (
        SELECT place, predicate ->> 'grading' AS grading, predicate ->> 'grade' AS grade
        FROM jsonb_array_elements($2) WITH ORDINALITY AS asked (predicate, place)
      ) AS asked
      JOIN assessment_result ON run_id = $1 AND result::jsonb -> 'grades' ->> grading IS NOT NULL
        AND (grade IS NULL OR result::jsonb -> 'grades' ->> grading = grade)
      GROUP BY subject_id HAVING count(DISTINCT place) = $3
    ) AS graded`,
    [run, JSON.stringify(predicates), predicates.length],
  );
  return rows.map(({ subject }) => subject);
}

async function named(
  manager: EntityManager,
  handles: readonly string[],
  { staff, tree }: Scope,
): Promise<readonly string[]> {
  const found = await subjectsByHandle(manager, handles);
  const ids = handles.map((handle, at) => {
    const subject = found.get(handle);
    if (subject === undefined || !staffCovers(staff, subject.place, tree))
      throw refusal('SUBJECT_UNKNOWN', `/invited/subjects/${at}`);
    return subject.id;
  });
  return [...new Set(ids)];
}

async function refuseUnknown(
  manager: EntityManager,
  run: string,
  schemes: readonly string[],
  predicates: readonly GradePredicate[],
): Promise<void> {
  const [released] = await manager.query<readonly { readonly gradings: readonly string[] }[]>(
    `SELECT ARRAY(SELECT jsonb_object_keys(run.counts)) AS gradings FROM assessment_run AS run
    JOIN assessment_release ON run_id = run.id WHERE run.id = $1 AND run.scheme_id = ANY($2)`,
    [run, schemes],
  );
  if (released === undefined) throw refusal('INVITATION_INVALID', '/invited/run');
  const at = predicates.findIndex(({ grading }) => !released.gradings.includes(grading));
  if (at !== -1) throw refusal('INVITATION_INVALID', at === 0 ? '/invited/grading' : `/invited/also/${at - 1}/grading`);
}
