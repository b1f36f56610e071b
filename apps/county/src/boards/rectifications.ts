import type { EntityManager } from 'typeorm';
import type { SchemeDocument, SubjectKind } from '#libs/scheme';

/** Somebody whose last inspection found the worst word there is: to be put right, and closed by the next better one. */
export interface Rectification {
  readonly handle: string;
  readonly kind: SubjectKind;
  readonly place: string;
  readonly name: string;
  readonly doorNumber: string | null;
  readonly rule: string;
  readonly label: string;
  /** The day of the inspection, `YYYY-MM-DD`. */
  readonly since: string;
}

/** What is open today in these places under a scheme that inspects; nothing under any other. */
export async function openRectifications(
  manager: EntityManager,
  document: SchemeDocument,
  places: readonly string[],
): Promise<readonly Rectification[]> {
  const worst = worstLabels(document);
  return manager.query(
    `SELECT handle, kind, place, name, door_number AS "doorNumber", last.rule, last.label, last.on::text AS since FROM (
      SELECT DISTINCT ON (subject_id, rule_id) subject_id, rule_id AS rule, label, occurred_on AS on FROM ledger_entry
      WHERE scheme_id = $1 AND rule_id = ANY($2) AND state IN ('effective', 'upheld') AND reverses IS NULL
      ORDER BY subject_id, rule_id, occurred_on DESC, id COLLATE "C" DESC
    ) AS last
    JOIN unnest($2::text[], $3::text[]) AS worst (rule, label) ON (worst.rule, worst.label) = (last.rule, last.label)
    JOIN subject ON subject.id = subject_id
    WHERE place = ANY($4) AND ended_on IS NULL ORDER BY last.on, handle COLLATE "C"`,
    [document.id, [...worst.keys()], [...worst.values()], places],
  );
}

/** The worst word of every rule that a grading by labels rests on. */
function worstLabels({ gradings, metrics }: SchemeDocument): ReadonlyMap<string, string> {
  const worst = new Map<string, string>();
  for (const grading of gradings) {
    if (!('labels' in grading)) continue;
    const metric = metrics.find(({ id }) => id === grading.labels.metric);
    const label = grading.labels.order.at(-1);
    if (metric !== undefined && 'last_label' in metric.formula && label !== undefined)
      worst.set(metric.formula.last_label.rule, label);
  }
  return worst;
}
