import { whole, type SqlParameters } from './sql-parameters.js';
import type { EntryTerm, Operation, Row, Span, SpanTerm } from './term.js';

/** What adds up fastest: sums of 32 bits are made in 64, sums of 64 in arbitrary precision. */
type Integer = 'integer' | 'bigint';

const LARGEST_INTEGER = 2_147_483_647;

/** The sum of what the rows of `entry` in a group contribute, a bigint; NULL where the condition holds for none. */
export function sumSql(
  terms: readonly { readonly condition: string; readonly each: EntryTerm }[],
  sql: SqlParameters,
): string {
  const type = terms.every(({ each }) => largestStep(each) <= LARGEST_INTEGER) ? 'integer' : 'bigint';
  const [only, ...more] = terms.map(({ condition, each }) => ({ condition, points: entrySql(each, type, sql) }));
  if (only === undefined) return 'NULL::bigint';
  if (more.length === 0) return `(sum(${only.points}) FILTER (WHERE ${only.condition}))::bigint`;
  const cases = [only, ...more].map(({ condition, points }) => `WHEN ${condition} THEN ${points}`);
  return `sum(CASE ${cases.join(' ')} END)::bigint`;
}

/** What the rows of `entry` for which `condition` holds make in a group: a bigint, NULL where the group has none. */
export function spanSql(term: SpanTerm, condition: string, sql: SqlParameters): string {
  if (term.op === 'sum') return sumSql([{ condition, each: term.each }], sql);
  return operationSql(term.operation, spanSql(term.of, condition, sql), 'bigint');
}

/** What one row of `entry` contributes. */
function entrySql(term: EntryTerm, type: Integer, sql: SqlParameters): string {
  switch (term.op) {
    case 'constant':
      return whole(term.value, type);
    case 'quantity':
      return `entry.quantity::${type}`;
    case 'label':
      return labelSql(term.points, type, sql);
    case 'apply':
      return operationSql(term.operation, entrySql(term.of, type, sql), type);
  }
}

/** The largest number, in size, that can come up on the way. A quantity is an integer column. */
function largestStep(term: EntryTerm): number {
  switch (term.op) {
    case 'constant':
      return Math.abs(term.value);
    case 'quantity':
      return LARGEST_INTEGER;
    case 'label':
      return Math.max(...Object.values(term.points).map(Math.abs));
    case 'apply': {
      const before = largestStep(term.of);
      if (term.operation.op === 'clamp') return Math.max(before, term.operation.limit);
      const edges = term.operation.rows.flatMap(({ from, to = 0, per = 1, points }) => [
        from,
        to,
        per,
        points,
        (before / per) * points,
      ]);
      return Math.max(before, ...edges.map(Math.abs));
    }
  }
}

/** A number that differs between days exactly where their spans differ. */
export function spanKeySql(span: Exclude<Span, 'period'>): string {
  switch (span) {
    case 'day':
      return `entry.occurred_on - date '2000-01-01'`;
    case 'month':
      return '(extract(year FROM entry.occurred_on) * 12 + extract(month FROM entry.occurred_on))::integer';
    case 'quarter':
      return '(extract(year FROM entry.occurred_on) * 4 + extract(quarter FROM entry.occurred_on))::integer';
    case 'year':
      return 'extract(year FROM entry.occurred_on)::integer';
  }
}

function operationSql(operation: Operation, of: string, type: Integer): string {
  if (operation.op === 'clamp') {
    // Not LEAST and GREATEST, which make a number of NULL.
    const [low, high] = [whole(-operation.limit, type), whole(operation.limit, type)];
    return `CASE WHEN ${of} > ${high} THEN ${high} WHEN ${of} < ${low} THEN ${low} ELSE ${of} END`;
  }
  return `CASE ${operation.rows
    .toReversed()
    .map((row) => rowSql(row, of, type))
    .join(' ')} ELSE 0 END`;
}

/** SQL divides integers towards zero. */
function rowSql({ from, to, per, points }: Row, of: string, type: Integer): string {
  const holds = `${of} >= ${whole(from, type)}${to === undefined ? '' : ` AND ${of} <= ${whole(to, type)}`}`;
  const value = whole(points, type);
  return `WHEN ${holds} THEN ${per === undefined ? value : `${of} / ${whole(per, type)} * ${value}`}`;
}

function labelSql(points: Readonly<Record<string, number>>, type: Integer, sql: SqlParameters): string {
  const labels = Object.entries(points).map(([label, value]) => `WHEN ${sql.text(label)} THEN ${whole(value, type)}`);
  return `CASE entry.label ${labels.join(' ')} ELSE 0 END`;
}
