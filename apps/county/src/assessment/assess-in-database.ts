import pg from 'pg';
import { type EntityManager, QueryFailedError } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { GatewayError } from '#libs/platform';
import {
  type AssessmentTime,
  compileMetric,
  type Days,
  type SchemeDocument,
  type SqlRelations,
  type SqlValue,
  windowDays,
} from '#libs/scheme';
import type { GradeCounts } from './assessment-run.entity.js';

/** What is assessed: every metric of the document that has a part in the period, over the subjects of these places. */
export interface Assessing {
  readonly document: SchemeDocument;
  readonly period: Days;
  /** Unix seconds. */
  readonly cutOff: number;
  /** The scheme's place and all that lies in it. */
  readonly places: readonly string[];
  /** Where the entries are, if not in the ledger as it stands. */
  readonly entries?: string;
}

/** Where results are kept: under which run, in which table of the shape of `assessment_result`. */
export interface Keeping {
  readonly run: string;
  readonly table: 'assessment_result' | 'simulated_result';
}

/** `$1` is the scheme, `$2` the places, `$3` the day of the cut-off. */
const RELATIONS: SqlRelations = {
  entries: '(SELECT * FROM ledger_entry WHERE scheme_id = $1::text AND reverses IS NULL)',
  memberships: `(SELECT member AS member_id, "of" AS of_id, from_day, to_day FROM membership
    WHERE relation = 'member_of' AND voided_at IS NULL)`,
  subjects: `(SELECT id, kind, place FROM subject
    WHERE has_account AND (ended_on IS NULL OR ended_on > $3::date) AND place = ANY($2::text[]))`,
  spending: `(SELECT subject_id, points - shortage AS points, (posted_at AT TIME ZONE 'Asia/Shanghai')::date AS occurred_on,
      posted_at AS recorded_at
    FROM posting WHERE scheme_id = $1::text AND cause NOT IN ('entry', 'shortage_settled'))`,
};

/** What `compileMetric` reads: entries of one scheme, and subjects that are scored in these places at the cut-off. */
export function assessedRelations(
  scheme: string,
  places: readonly string[],
  cutOff: number,
): { readonly relations: SqlRelations; readonly values: readonly [string, readonly string[], string] } {
  return { relations: RELATIONS, values: [scheme, places, shanghaiDay(cutOff)] };
}

interface CountRow {
  readonly grades: readonly (string | null)[];
  readonly subjects: number;
  readonly isInexact: boolean | null;
}

/** SQLSTATE: numeric value out of range. */
const OUT_OF_RANGE = '22003';
/** The largest number of which JSON keeps every unit. */
const LARGEST = Number.MAX_SAFE_INTEGER;

/** The metrics that have a part in a period, with the days each looks at. */
export function metricsIn(
  { metrics }: Pick<SchemeDocument, 'metrics'>,
  period: Days,
  cutOff: number,
): readonly { readonly metric: string; readonly time: AssessmentTime }[] {
  return metrics.flatMap(({ id: metric, window: length }) => {
    const window = windowDays(length, period, shanghaiDay(cutOff));
    return window === undefined ? [] : [{ metric, time: { window, cutOff } }];
  });
}

/**
 * Assesses inside the database, metric by metric; what comes back are counts, however many subjects there are. What is kept of a
 * subject is canonical JSON: `{"grades":{…},"value":{"den":…,"num":…}}`, or with a label as the value. In the caller's transaction.
 * @throws GatewayError ASSESSMENT_TOO_LARGE where a number cannot be kept exactly: it is never rounded
 */
export async function assessInDatabase(
  manager: EntityManager,
  { document, period, cutOff, places, entries }: Assessing,
  keeping: Keeping,
): Promise<GradeCounts> {
  const counts: Record<string, Record<string, number>> = {};
  for (const { metric, time } of metricsIn(document, period, cutOff)) {
    const { relations: usual, values: related } = assessedRelations(document.id, places, cutOff);
    const relations = entries === undefined ? usual : { ...usual, entries };
    const { text, values, gradings } = compileMetric(document, metric, time, relations, related.length);
    // A table of its own, because PostgreSQL reads with several processes only where the same statement changes no other.
    await manager
      .query(`CREATE TEMPORARY TABLE assessed ON COMMIT DROP AS ${withValues(text, [...related, ...values])}`)
      .catch((cause: unknown) => {
        throw isOutOfRange(cause) ? new GatewayError('ASSESSMENT_TOO_LARGE', { cause, detail: metric }) : cause;
      });
    await keep(manager, keeping, metric, gradings);
    const rows = await manager.query<readonly CountRow[]>(
      `SELECT grades, count(*)::integer AS subjects, bool_or(num NOT BETWEEN -${LARGEST} AND ${LARGEST}) AS "isInexact"
      FROM assessed GROUP BY grades`,
    );
    if (rows.some(({ isInexact }) => isInexact === true))
      throw new GatewayError('ASSESSMENT_TOO_LARGE', { detail: metric });
    await manager.query('DROP TABLE assessed');
    for (const [at, id] of gradings.entries()) counts[id] = gradedBy(rows, at);
  }
  return counts;
}

function isOutOfRange(cause: unknown): boolean {
  const driverError: unknown = cause instanceof QueryFailedError ? cause.driverError : undefined;
  return driverError instanceof Error && 'code' in driverError && driverError.code === OUT_OF_RANGE;
}

async function keep(
  manager: EntityManager,
  { run, table }: Keeping,
  metric: string,
  gradings: readonly string[],
): Promise<void> {
  const inOrder = gradings.map((id, at) => ({ id, at })).toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const grades = inOrder.map(({ at }, place) => `($3::text[])[${place + 1}] || to_json(grades[${at + 1}])::text`);
  // The parameter has its use also where nothing is graded.
  const listed = `concat_ws(',', ${[...grades, '($3::text[])[0]'].join(', ')})`;
  // In the order of the key: a million rows fill its index page by page.
  await manager.query(
    `INSERT INTO ${table} (subject_id, run_id, metric, result)
    SELECT subject_id, $1::uuid, $2::text, '{"grades":{' || ${listed} || '}' || CASE
      WHEN label IS NOT NULL THEN ',"value":{"label":' || to_json(label)::text || '}'
      WHEN num IS NOT NULL THEN ',"value":{"den":' || den || ',"num":' || num || '}' ELSE '' END || '}'
    FROM assessed ORDER BY subject_id`,
    [run, metric, inOrder.map(({ id }) => `${JSON.stringify(id)}:`)],
  );
}

/** A query with its parameters written into it, for a statement that takes none. */
function withValues(text: string, values: readonly SqlValue[]): string {
  return text.replaceAll(/\$(\d+)/g, (_, number: string) => literal(values[Number(number) - 1]));
}

function literal(value: SqlValue | undefined): string {
  if (typeof value === 'string') return pg.escapeLiteral(value);
  if (typeof value === 'number') return String(value);
  if (value === undefined) throw new RangeError('the query has a parameter without a value');
  return `ARRAY[${value.map(literal).join(', ')}]`;
}

function gradedBy(rows: readonly CountRow[], at: number): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { grades, subjects } of rows) {
    const grade = grades[at] ?? null;
    if (grade !== null) counts.set(grade, (counts.get(grade) ?? 0) + subjects);
  }
  return Object.fromEntries(counts);
}
