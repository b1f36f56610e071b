import type { SchemeDocument } from '../scheme-document.js';
import { directSql, gradingSql } from './compile-grading.js';
import { lastLabelSql, membersSql, pointsSql, spendingSql, type SqlRelations } from './compile-points.js';
import type { AssessmentTime } from './evaluate.js';
import { directGrades, gradingsOn, type MetricGrading } from './grade.js';
import { metricTerm, type MetricScheme } from './metric-term.js';
import { SqlParameters, type SqlValue, whole } from './sql-parameters.js';
import type { MetricTerm } from './term.js';

export interface CompiledMetric {
  /**
   * A PostgreSQL query: a row for each subject of the metric's kind with `subject_id`, `num` and `den` (bigint, an exact
   * fraction, not reduced) or `label`, all NULL where there is no value, and `grades` (text[], by `gradings`; NULL for none).
   */
  readonly text: string;
  readonly values: readonly SqlValue[];
  /** The ids of the gradings that rest on the metric. */
  readonly gradings: readonly string[];
}

/**
 * A metric and the gradings on it as one query, from the same tree that `assessMetric` evaluates and with the same answer.
 * It runs inside the database: one pass over the entries, one group per subject where no cap or remainder goes by calendar
 * spans. What does not fit a bigint is refused by the database (SQLSTATE 22003), never rounded.
 * @param parametersBefore how many parameters the relations use: `$1` to `$parametersBefore`
 * @throws RangeError for a metric the scheme does not have, and numbers that are not whole
 */
export function compileMetric(
  scheme: MetricScheme & Pick<SchemeDocument, 'metrics' | 'gradings'>,
  metricId: string,
  time: AssessmentTime,
  relations: SqlRelations,
  parametersBefore = 0,
): CompiledMetric {
  const metric = scheme.metrics.find(({ id }) => id === metricId);
  if (metric === undefined) throw new RangeError(`the scheme has no metric ${metricId}`);
  const sql = new SqlParameters(parametersBefore);
  const gradings = gradingsOn(scheme, metric.id);
  const direct = gradings.map((grading) => directGrades(scheme, metric, grading));
  const graded = gradings.map((grading, at) => gradingSql(grading, at, direct[at]!.length > 0, sql));
  const text = `${figureSql(metricTerm(scheme, metric), gradings, time, relations, sql)}
    SELECT figure.subject_id, figure.num, figure.den, figure.label,
      ARRAY[${graded.map(({ code }) => code).join(', ')}]::text[] AS grades
    FROM figure ${directSql(direct, gradings, time.cutOff, relations, sql)}
    ${graded.map(({ join }) => join).join(' ')}`;
  return { text, values: sql.values, gradings: gradings.map(({ id }) => id) };
}

/** `figure`: the value of every subject, with `scaled` where subjects are compared with each other. */
function figureSql(
  term: MetricTerm,
  gradings: readonly MetricGrading[],
  time: AssessmentTime,
  relations: SqlRelations,
  sql: SqlParameters,
): string {
  const value = valueSql(term, time, relations, sql);
  if (!gradings.some((grading) => 'relative' in grading)) return `WITH figure AS (${value})`;
  if (term.value === 'label' || !term.isPerMember)
    return `WITH figure AS (SELECT *, num::numeric AS scaled FROM (${value}) AS value)`;
  // Fractions are compared over the least common multiple of all denominators.
  return `WITH RECURSIVE value AS (${value}),
    size AS (SELECT den, row_number() OVER (ORDER BY den) AS at FROM value WHERE den IS NOT NULL GROUP BY den),
    multiple (at, of_all) AS (
      SELECT 0::bigint, 1::numeric
      UNION ALL
      SELECT size.at, lcm(multiple.of_all, size.den::numeric) FROM multiple JOIN size ON size.at = multiple.at + 1
    ),
    figure AS (SELECT *, num * div((SELECT max(of_all) FROM multiple), den) AS scaled FROM value)`;
}

function valueSql(term: MetricTerm, time: AssessmentTime, relations: SqlRelations, sql: SqlParameters): string {
  const from = `FROM ${relations.subjects} AS subject`;
  const ofKind = `WHERE subject.kind = ${sql.text(term.over)}`;
  if (term.value === 'label')
    return `SELECT subject.id AS subject_id, subject.place, NULL::bigint AS num, NULL::bigint AS den, last.label
      ${from} LEFT JOIN (${lastLabelSql(term, time, relations, sql)}) AS last ON last.subject_id = subject.id ${ofKind}`;
  const [less, spent] = term.spending
    ? [
        ' + coalesce(spent.points, 0)',
        `LEFT JOIN (${spendingSql(term, time, relations, sql)}) AS spent ON spent.subject_id = subject.id`,
      ]
    : ['', ''];
  const points = `${whole(term.base)} + coalesce(total.points, 0)${less}`;
  const [num, den, members] = term.isPerMember
    ? [
        `CASE WHEN own.members IS NOT NULL THEN ${points} END`,
        'own.members',
        `LEFT JOIN (${membersSql(time.cutOff, relations, sql)}) AS own ON own.of_id = subject.id`,
      ]
    : [points, '1::bigint', ''];
  return `SELECT subject.id AS subject_id, subject.place, ${num} AS num, ${den} AS den, NULL::text AS label
    ${from} LEFT JOIN (${pointsSql(term, time, relations, sql)}) AS total ON total.subject_id = subject.id
    ${spent} ${members} ${ofKind}`;
}
