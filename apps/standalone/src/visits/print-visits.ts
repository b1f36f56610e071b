import { isAsExpected, type PlayedVisit } from './visit.js';

const COLUMNS = ['visit', 'who', 'from', 'where to', 'offer', 'verdict', 'effect', ''] as const;

/** The played visits as a table for people, one line each. */
export function visitsTable<World>(played: readonly PlayedVisit<World>[]): string {
  const rows = played.map((one) => [
    one.visit.visit,
    one.visit.who,
    one.visit.from,
    one.visit.to,
    one.visit.offer,
    one.actual,
    one.effect + (one.repeat ? ' (repeat)' : ''),
    isAsExpected(one) ? 'as expected' : `EXPECTED ${expectation(one)}`,
  ]);
  const widths = COLUMNS.map((title, column) =>
    Math.max(...[[...COLUMNS], ...rows].map((row) => width(row[column] ?? title))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell)))
      .join('  ')
      .trimEnd();
  return [line(COLUMNS), line(widths.map((size) => '-'.repeat(size))), ...rows.map(line)].join('\n');
}

/** Whether all went as expected, and which did not. */
export function visitsSummary<World>(played: readonly PlayedVisit<World>[]): string {
  const differing = played.filter((visit) => !isAsExpected(visit)).map(({ visit }) => visit.visit);
  const first = Math.min(...played.map(({ atMs }) => atMs)) / 1_000;
  const outcome =
    differing.length === 0
      ? `all ${played.length} visits as expected`
      : `${differing.length} of ${played.length} visits differ: ${differing.join(', ')}`;
  return `first verdict ${first.toFixed(1)} s after the start\n${outcome}`;
}

/** The played visits as one line of JSON. */
export function visitsJson<World>(played: readonly PlayedVisit<World>[]): string {
  return JSON.stringify(
    played.map(({ visit: { visit, expected }, actual, effect, repeat }) => ({
      visit,
      expected,
      actual,
      effect,
      repeat,
    })),
  );
}

function expectation<World>({ visit }: PlayedVisit<World>): string {
  return `${visit.expected}${visit.expectedEffect ? `, ${visit.expectedEffect}` : ''}${visit.expectedRepeat ? ' (repeat)' : ''}`;
}

/** Columns a terminal needs: Chinese characters take two. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += /[\u2E80-\uA4CF\uF900-\uFAFF\uFF00-\uFF60]/u.test(character) ? 2 : 1;
  return columns;
}
