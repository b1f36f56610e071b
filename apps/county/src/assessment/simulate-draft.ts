import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { addDays, shanghaiDayStart } from '#libs/calendar';
import { GatewayError } from '#libs/platform';
import type { Days, SchemeDocument } from '#libs/scheme';
import { assessInDatabase, metricsIn } from './assess-in-database.js';
import type { GradeCounts } from './assessment-run.entity.js';

/** Most subjects whose moves a simulation names. */
const NAMED_MOVES = 200;

/** What would be, beside what is. */
export interface Simulated {
  readonly gradings: readonly {
    readonly id: string;
    readonly now: Readonly<Record<string, number>>;
    readonly draft: Readonly<Record<string, number>>;
    readonly moved: readonly Move[];
  }[];
  readonly metrics: readonly MetricSums[];
  /** The first of them, by grading and handle. */
  readonly moves: readonly (Omit<Move, 'n'> & { readonly subject: string; readonly grading: string })[];
  /** Entries that count for nothing under the draft, because it has no such rule. */
  readonly withoutRule: readonly { readonly rule: string; readonly entries: number }[];
}

/** `null` is no grade. */
interface Move {
  readonly from: string | null;
  readonly to: string | null;
  readonly n: number;
}

interface MetricSums {
  readonly id: string;
  /** Who has a number or label on either side. */
  readonly subjects: number;
  /** An exact fraction in lowest terms; `null` for labels, and where that side has no such metric. */
  readonly sumNow: Sum | null;
  readonly sumDraft: Sum | null;
}

/** Whole numbers as text, of any size. */
interface Sum {
  readonly num: string;
  readonly den: string;
}

interface Compared {
  /** `undefined` for a scheme that nothing holds for yet. */
  readonly now: SchemeDocument | undefined;
  readonly draft: SchemeDocument;
  readonly period: Days;
  readonly places: readonly string[];
  /** Unix seconds. */
  readonly at: number;
}

interface Sides {
  readonly now: string;
  readonly draft: string;
}

/** What is known today of what happened: what has expired since counts as long as its rule says, under either document. */
const KNOWN_TODAY = `(SELECT id, subject_id, rule_id, quantity, label, occurred_on, '-infinity'::timestamptz AS recorded_at,
    CASE state WHEN 'expired' THEN 'effective' ELSE state END AS state
  FROM ledger_entry WHERE scheme_id = $1::text AND reverses IS NULL)`;

/**
 * Assesses a period under a draft and under the version in force, as it stood on the period's last day (or stands, in one
 * under way), and compares the two inside the database: what comes back does not grow with the subjects. In the caller's
 * transaction, which must see one state throughout; nothing is kept when it ends.
 * @throws GatewayError ASSESSMENT_PERIOD_INVALID where the draft has no metric for such a period
 */
export async function simulateDraft(manager: EntityManager, compared: Compared): Promise<Simulated> {
  const { now, draft, period, places } = compared;
  const cutOff = Math.min(compared.at, shanghaiDayStart(addDays(period.to, 1)) - 1);
  if (metricsIn(draft, period, cutOff).length === 0) throw new GatewayError('ASSESSMENT_PERIOD_INVALID');
  await manager.query('CREATE TEMPORARY TABLE simulated_result (LIKE assessment_result) ON COMMIT DROP');
  const sides = { now: randomUUID(), draft: randomUUID() };
  const assess = (document: SchemeDocument, run: string): Promise<GradeCounts> => {
    const assessing = { document, period, cutOff, places, entries: KNOWN_TODAY };
    return assessInDatabase(manager, assessing, { run, table: 'simulated_result' });
  };
  const countsNow = now === undefined ? {} : await assess(now, sides.now);
  const countsDraft = await assess(draft, sides.draft);
  const moved = await movedBetween(manager, sides);
  const ids = [...new Set([...Object.keys(countsNow), ...Object.keys(countsDraft)])];
  return {
    gradings: ids.map((id) => ({
      id,
      now: countsNow[id] ?? {},
      draft: countsDraft[id] ?? {},
      moved: moved.flatMap(({ grading, ...move }) => (grading === id ? [move] : [])),
    })),
    metrics: await sumsOf(manager, sides),
    moves: await namedMoves(manager, sides),
    withoutRule: await entriesWithoutRule(manager, draft, period, cutOff),
  };
}

/** Who has another grade under the draft: `$1` is the side in force, `$2` the draft's. */
const MOVED = `WITH grade AS (
    SELECT run_id, subject_id, key AS grading, value AS grade FROM simulated_result, jsonb_each_text(result::jsonb -> 'grades')
  ), moved AS (
    SELECT subject_id, grading, was.grade AS from, becomes.grade AS to
    FROM (SELECT * FROM grade WHERE run_id = $1) AS was
    FULL JOIN (SELECT * FROM grade WHERE run_id = $2) AS becomes USING (subject_id, grading)
    WHERE was.grade IS DISTINCT FROM becomes.grade
  )`;

function movedBetween(
  manager: EntityManager,
  { now, draft }: Sides,
): Promise<readonly (Move & { readonly grading: string })[]> {
  return manager.query(
    `${MOVED} SELECT grading, moved.from, moved.to, count(*)::integer AS n FROM moved
    GROUP BY grading, moved.from, moved.to ORDER BY grading, moved.from, moved.to`,
    [now, draft],
  );
}

function namedMoves(manager: EntityManager, { now, draft }: Sides): Promise<Simulated['moves']> {
  return manager.query(
    `${MOVED} SELECT subject.handle AS subject, grading, moved.from, moved.to
    FROM moved JOIN subject ON subject.id = subject_id ORDER BY grading, subject.handle LIMIT ${NAMED_MOVES}`,
    [now, draft],
  );
}

interface SumRow {
  readonly id: string;
  readonly run: string;
  /** Bigint and numeric, as text; `null` for labels. */
  readonly den: string | null;
  readonly num: string | null;
}

async function sumsOf(manager: EntityManager, { now, draft }: Sides): Promise<readonly MetricSums[]> {
  const counted = await manager.query<readonly { readonly id: string; readonly subjects: number }[]>(
    `SELECT metric AS id, count(DISTINCT subject_id) FILTER (WHERE result::jsonb ? 'value')::integer AS subjects
    FROM simulated_result GROUP BY metric ORDER BY metric`,
  );
  // Denominators are numbers of members, so there are few.
  const rows = await manager.query<readonly SumRow[]>(
    `SELECT metric AS id, run_id AS run, value ->> 'den' AS den, sum((value ->> 'num')::numeric) AS num
    FROM (SELECT metric, run_id, result::jsonb -> 'value' AS value FROM simulated_result) AS result
    WHERE value ? 'num' GROUP BY metric, run_id, value ->> 'den'`,
  );
  return counted.map(({ id, subjects }) => {
    const side = (run: string): Sum | null => total(rows.filter((row) => row.id === id && row.run === run));
    return { id, subjects, sumNow: side(now), sumDraft: side(draft) };
  });
}

function total(rows: readonly SumRow[]): Sum | null {
  if (rows.length === 0) return null;
  let [num, den] = [0n, 1n];
  for (const row of rows) {
    const [other, by] = [BigInt(row.num ?? 0), BigInt(row.den ?? 1)];
    [num, den] = [num * by + other * den, den * by];
    const common = divisorOf(num, den);
    [num, den] = [num / common, den / common];
  }
  return { num: num.toString(), den: den.toString() };
}

/** The greatest common divisor; `den` is positive. */
function divisorOf(num: bigint, den: bigint): bigint {
  let [one, other] = [den, num < 0n ? -num : num];
  while (other !== 0n) [one, other] = [other, one % other];
  return one;
}

async function entriesWithoutRule(
  manager: EntityManager,
  draft: SchemeDocument,
  period: Days,
  cutOff: number,
): Promise<Simulated['withoutRule']> {
  const windows = metricsIn(draft, period, cutOff).map(({ time: { window } }) => window);
  const first = windows.map(({ from }) => from).toSorted()[0];
  const last = windows
    .map(({ to }) => to)
    .toSorted()
    .at(-1);
  return manager.query(
    `SELECT rule_id AS rule, count(*)::integer AS entries FROM ${KNOWN_TODAY} AS entry
    WHERE state IN ('effective', 'upheld') AND occurred_on BETWEEN $2::date AND $3::date AND rule_id <> ALL($4::text[])
    GROUP BY rule_id ORDER BY rule_id`,
    [draft.id, first, last, draft.rules.map(({ id }) => id)],
  );
}
