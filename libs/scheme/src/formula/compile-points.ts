import { shanghaiDay } from '#libs/calendar';
import { spanKeySql, spanSql, sumSql } from './compile-term.js';
import type { AssessmentTime } from './evaluate.js';
import { firstLiveDay, spanOf } from './period.js';
import type { SqlParameters } from './sql-parameters.js';
import type { CountedRule, LabelTerm, NumberTerm, Span } from './term.js';

/** Where the rows are: tables, or subqueries in parentheses. Texts of the program, never of a document. */
export interface SqlRelations {
  /**
   * Entries of one scheme, without those that reverse others: `id text`, `subject_id`, `rule_id text`, `quantity integer`,
   * `label text`, `occurred_on date`, `recorded_at timestamptz`, `state text`.
   */
  readonly entries: string;
  /** `member_id`, `of_id`, `from_day date`, `to_day date` (the last day, or NULL). */
  readonly memberships: string;
  /** `id`, `kind text`, `place text`. */
  readonly subjects: string;
  /**
   * What was spent under one scheme or came back, without what entries made: `subject_id`, `points bigint`, `occurred_on date`,
   * `recorded_at timestamptz`.
   */
  readonly spending: string;
}

/**
 * The points of every subject with entries: a SELECT of `subject_id` and `points bigint`. One pass over the entries; a
 * rule whose total needs no calendar spans is one filtered aggregate of the subject's only group.
 */
export function pointsSql(term: NumberTerm, time: AssessmentTime, relations: SqlRelations, sql: SqlParameters): string {
  const ofMembers = term.rules.some((rule) => rule.ofMembers);
  const owner = ofMembers ? 'owner.id' : 'entry.subject_id';
  // Each contributor's entries make a total of their own.
  const groups = [owner, ...(ofMembers ? ['entry.subject_id'] : []), ...spanGroups(term.rules, time, sql)];
  const names = term.rules.map(({ rule }) => rule);
  const selection = term.isSelection ? ` AND entry.rule_id = ANY(${sql.texts(names)})` : '';
  const points = `SELECT ${owner} AS subject_id, ${totalSql(term, time, sql)} AS points
    FROM ${relations.entries} AS entry ${ofMembers ? ownersSql(term, time, relations, sql) : ''}
    WHERE ${countingSql(time, sql)}${selection}
    GROUP BY ${groups.join(', ')}`;
  if (groups.length === 1) return points;
  return `SELECT subject_id, sum(points)::bigint AS points FROM (${points}) AS part GROUP BY subject_id`;
}

/** What every subject has spent of a score that is itself spent: a SELECT of `subject_id` and `points bigint`. */
export function spendingSql(
  term: NumberTerm,
  time: AssessmentTime,
  relations: SqlRelations,
  sql: SqlParameters,
): string {
  const ofMembers = term.spending?.ofMembers === true;
  const owner = ofMembers ? 'owner.id' : 'entry.subject_id';
  const { from, to } = time.window;
  return `SELECT ${owner} AS subject_id, sum(entry.points)::bigint AS points
    FROM ${relations.spending} AS entry ${ofMembers ? ownersSql(term, time, relations, sql) : ''}
    WHERE entry.recorded_at <= ${sql.instant(time.cutOff)} AND entry.occurred_on BETWEEN ${sql.day(from)} AND ${sql.day(to)}
    GROUP BY ${owner}`;
}

/** The last label of every subject that has one: a SELECT of `subject_id` and `label`. */
export function lastLabelSql(
  term: LabelTerm,
  time: AssessmentTime,
  { entries }: SqlRelations,
  sql: SqlParameters,
): string {
  return `SELECT DISTINCT ON (entry.subject_id) entry.subject_id, entry.label FROM ${entries} AS entry
    WHERE ${countingSql(time, sql)} AND ${ruleSql(term, time, sql)}
    ORDER BY entry.subject_id, entry.occurred_on DESC, entry.id COLLATE "C" DESC`;
}

/** In effect and recorded by the cut-off. */
export function effectiveSql(cutOff: number, sql: SqlParameters): string {
  return `entry.state IN ('effective', 'upheld') AND entry.recorded_at <= ${sql.instant(cutOff)}`;
}

/** The members of every household, group and so on at the cut-off: a SELECT of `of_id` and `members`. */
export function membersSql(cutOff: number, { memberships }: SqlRelations, sql: SqlParameters): string {
  return `SELECT of_id, count(*) AS members FROM ${memberships} AS membership WHERE ${isMemberSql(cutOff, sql)} GROUP BY of_id`;
}

function isMemberSql(cutOff: number, sql: SqlParameters): string {
  const today = sql.day(shanghaiDay(cutOff));
  return `membership.from_day <= ${today} AND (membership.to_day IS NULL OR membership.to_day >= ${today})`;
}

function countingSql({ window, cutOff }: AssessmentTime, sql: SqlParameters): string {
  return `${effectiveSql(cutOff, sql)} AND entry.occurred_on BETWEEN ${sql.day(window.from)} AND ${sql.day(window.to)}`;
}

/** Whether an entry is one of the rule and has not expired: what expires did so by the day it happened. */
function ruleSql(
  { rule, months }: { readonly rule: string; readonly months?: number },
  { window, cutOff }: AssessmentTime,
  sql: SqlParameters,
): string {
  const isOfRule = `entry.rule_id = ${sql.text(rule)}`;
  const first = months === undefined ? window.from : firstLiveDay(shanghaiDay(cutOff), months);
  return first <= window.from ? isOfRule : `${isOfRule} AND entry.occurred_on >= ${sql.day(first)}`;
}

function countedSql(
  rule: CountedRule,
  rules: readonly CountedRule[],
  time: AssessmentTime,
  sql: SqlParameters,
): string {
  const isOwn = !rule.ofMembers && rules.some(({ ofMembers }) => ofMembers) ? ' AND owner.is_itself' : '';
  return `${ruleSql(rule, time, sql)}${isOwn}`;
}

/** The rules that only add up share one aggregate; each other rule has one. */
function totalSql({ rules }: NumberTerm, time: AssessmentTime, sql: SqlParameters): string {
  const counted = rules.map((rule) => ({ ...rule, condition: countedSql(rule, rules, time, sql) }));
  const straight = counted.flatMap(({ total, condition }) =>
    total.op === 'sum' ? [{ condition, each: total.each }] : [],
  );
  const totals = counted.flatMap(({ total, condition }) =>
    total.op === 'sum' ? [] : [spanSql(total, condition, sql)],
  );
  return [...totals, sumSql(straight, sql)].map((total) => `coalesce(${total}, 0)`).join(' + ');
}

/** Groups by rule and span, where a total is made span by span and the window holds more than one. */
function spanGroups(rules: readonly CountedRule[], { window }: AssessmentTime, sql: SqlParameters): readonly string[] {
  const spanned = rules.flatMap(({ rule, span, total }) =>
    span === 'period' || total.op === 'sum' || spanOf(span, window.from) === spanOf(span, window.to)
      ? []
      : [{ name: sql.text(rule), span }],
  );
  if (spanned.length === 0) return [];
  const slots = spanned.map(({ name }, at) => `WHEN ${name} THEN ${at + 1}`);
  const keys = spanned.map(
    ({ name, span }: { name: string; span: Exclude<Span, 'period'> }) => `WHEN ${name} THEN ${spanKeySql(span)}`,
  );
  return [`CASE entry.rule_id ${slots.join(' ')} ELSE 0 END`, `CASE entry.rule_id ${keys.join(' ')} ELSE 0 END`];
}

/** Every subject as its own owner, and the members at the cut-off with the day since when their entries count. */
function ownersSql(
  { over }: NumberTerm,
  { cutOff }: AssessmentTime,
  { memberships, subjects }: SqlRelations,
  sql: SqlParameters,
): string {
  const kind = sql.text(over);
  return `JOIN (
      SELECT subject.id, subject.id AS contributor, '-infinity'::date AS since, true AS is_itself
      FROM ${subjects} AS subject WHERE subject.kind = ${kind}
      UNION ALL
      SELECT subject.id, membership.member_id, membership.from_day, false
      FROM ${memberships} AS membership JOIN ${subjects} AS subject ON subject.id = membership.of_id
      WHERE subject.kind = ${kind} AND ${isMemberSql(cutOff, sql)}
    ) AS owner ON owner.contributor = entry.subject_id AND entry.occurred_on >= owner.since`;
}
