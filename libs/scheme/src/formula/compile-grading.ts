import { shanghaiDay } from '#libs/calendar';
import { gradesOf } from '../exported-grading.js';
import type { BandRow } from '../scheme-document.js';
import { effectiveSql, type SqlRelations } from './compile-points.js';
import type { DirectGrade, MetricGrading } from './grade.js';
import { firstLiveDay } from './period.js';
import { whole, type SqlParameters } from './sql-parameters.js';

type Relative = Extract<MetricGrading, { readonly relative: unknown }>['relative'];

/** A grading of the rows of `figure`: the columns that say so, and what they need joined. */
export interface CompiledGrading {
  /** The code of the grade, or NULL. */
  readonly code: string;
  readonly join: string;
}

/**
 * Grades `figure (subject_id, place, num, den, label, scaled)`, `scaled` being the number over one denominator for all.
 * @param at tells this grading's join from those of others
 * @param isDirect whether `direct` has a column `at` with the place of the lowest direct grade in force
 */
export function gradingSql(grading: MetricGrading, at: number, isDirect: boolean, sql: SqlParameters): CompiledGrading {
  const order = sql.texts(gradesOf(grading));
  const earned = earnedSql(grading, at, sql);
  // GREATEST passes over NULL: the lowest of the grades there are.
  const place = isDirect ? `GREATEST(${earned}, direct.grade_${at})` : earned;
  return { code: `(${order})[${place}]`, join: 'relative' in grading ? yardstickSql(grading.relative, at) : '' };
}

/** A LEFT JOIN of `direct`: for each grading, the place of the lowest direct grade in force; empty where no rule sets any. */
export function directSql(
  rulesOf: readonly (readonly DirectGrade[])[],
  gradings: readonly MetricGrading[],
  cutOff: number,
  { entries }: SqlRelations,
  sql: SqlParameters,
): string {
  const today = shanghaiDay(cutOff);
  const columns = gradings.flatMap((grading, at) => {
    const cases = rulesOf[at]!.map(({ rule, grade, months }) => {
      const isInForce = `entry.rule_id = ${sql.text(rule)} AND entry.occurred_on >= ${sql.day(firstLiveDay(today, months))}`;
      return `WHEN ${isInForce} THEN ${gradesOf(grading).indexOf(grade) + 1}`;
    });
    return cases.length === 0 ? [] : [`max(CASE ${cases.join(' ')} END) AS grade_${at}`];
  });
  if (columns.length === 0) return '';
  const rules = sql.texts([...new Set(rulesOf.flat().map(({ rule }) => rule))]);
  return `LEFT JOIN (
    SELECT entry.subject_id, ${columns.join(', ')} FROM ${entries} AS entry
    WHERE ${effectiveSql(cutOff, sql)} AND entry.occurred_on <= ${sql.day(today)} AND entry.rule_id = ANY(${rules})
    GROUP BY entry.subject_id
  ) AS direct ON direct.subject_id = figure.subject_id`;
}

/** The place of the earned grade in the order of the grading, from 1; NULL where there is none. */
function earnedSql(grading: MetricGrading, at: number, sql: SqlParameters): string {
  if ('bands' in grading)
    return `CASE ${grading.bands.rows.map((row, place) => `WHEN ${inBandSql(row)} THEN ${place + 1}`).join(' ')} END`;
  if ('labels' in grading) return `array_position(${sql.texts(grading.labels.order)}, figure.label)`;
  const holds =
    'predicate' in grading
      ? `figure.num ${COMPARED[grading.predicate.op]} ${whole(grading.predicate.value)} * figure.den`
      : relativeSql(grading.relative, at);
  return `CASE WHEN ${holds} THEN 1 END`;
}

const COMPARED = { gt: '>', ge: '>=' } as const;

function inBandSql({ ge, lt }: BandRow): string {
  const above = ge === undefined ? '' : ` AND figure.num >= ${whole(ge)} * figure.den`;
  const below = lt === undefined ? '' : ` AND figure.num < ${whole(lt)} * figure.den`;
  return `figure.num IS NOT NULL${above}${below}`;
}

function relativeSql(relative: Relative, at: number): string {
  const group = relative.scope === 'place' ? 'PARTITION BY figure.place' : '';
  const rank = `rank() OVER (${group} ORDER BY figure.scaled DESC NULLS LAST)`;
  switch (relative.vs) {
    case 'mean':
      return `figure.scaled * yard_${at}.count ${COMPARED[relative.op]} yard_${at}.total`;
    case 'median':
      return `figure.scaled * 2 ${COMPARED[relative.op]} yard_${at}.low + yard_${at}.high`;
    case 'rank':
      return `figure.scaled IS NOT NULL AND ${rank} <= ${whole(relative.value)}`;
    case 'percentile':
      return `figure.scaled IS NOT NULL AND ${rank} * 100 <= ${whole(relative.value)} * count(figure.scaled) OVER (${group})`;
  }
}

/** What a number is measured against, once for every group. */
function yardstickSql({ vs, scope }: Relative, at: number): string {
  if (vs !== 'mean' && vs !== 'median') return '';
  const columns =
    vs === 'mean'
      ? 'count(scaled) AS count, sum(scaled) AS total'
      : // Of an even number the two in the middle, else the one.
        `percentile_disc(0.5) WITHIN GROUP (ORDER BY scaled) AS low,
         percentile_disc(0.5) WITHIN GROUP (ORDER BY scaled DESC) AS high`;
  return scope === 'place'
    ? `LEFT JOIN (SELECT place, ${columns} FROM figure GROUP BY place) AS yard_${at} ON yard_${at}.place = figure.place`
    : `LEFT JOIN (SELECT ${columns} FROM figure) AS yard_${at} ON true`;
}
