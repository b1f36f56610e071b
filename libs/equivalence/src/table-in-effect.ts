import { shanghaiDay } from '#libs/calendar';
import type { EquivalenceTable } from './equivalence-table.js';

/** A published version and whether the head suspends (or has withdrawn) it. */
export interface TableVersion {
  readonly table: EquivalenceTable;
  readonly suspended: boolean;
}

export type TableLookUp<Version extends TableVersion = TableVersion> =
  | { readonly kind: 'in_effect'; readonly table: EquivalenceTable; readonly version: Version }
  | { readonly kind: 'unmapped'; readonly reason: 'no_table' | 'suspended' };

/**
 * Which version maps a scheme's grades at an instant (design §4.4): the newest that has started, suspended ones included.
 * A suspended version still ends its predecessor, so it leads to unmapped and never to an older table.
 * @param versions all published versions for one (scheme id, fingerprint), in any order
 * @param at Unix seconds
 */
export function tableInEffect<Version extends TableVersion>(
  versions: readonly Version[],
  at: number,
): TableLookUp<Version> {
  const version = newestStarted(versions, at);
  if (version === undefined) return { kind: 'unmapped', reason: 'no_table' };
  if (version.suspended) return { kind: 'unmapped', reason: 'suspended' };
  return { kind: 'in_effect', table: version.table, version };
}

/**
 * The tables that a gate may hold in effect whose knowledge is up to `budgetSeconds` old: the one in effect at `at`, and
 * those that were at any instant of the span before it. Empty when nothing is in effect at `at`, so that nothing is
 * disclosed then; suspended versions are left out, since no threshold satisfies them.
 * @param at Unix seconds
 */
export function tablesInEffectWithin(
  versions: readonly TableVersion[],
  at: number,
  budgetSeconds: number,
): readonly EquivalenceTable[] {
  if (tableInEffect(versions, at).kind === 'unmapped') return [];
  const [first, last] = [shanghaiDay(at - budgetSeconds), shanghaiDay(at)];
  const served = versions.filter(({ table }) => table.effectiveFrom > first && table.effectiveFrom <= last);
  const opening = newestBy(versions, first);
  const held = opening === undefined ? served : [opening, ...served];
  return held.filter(({ suspended }) => !suspended).map(({ table }) => table);
}

/**
 * The newest version that has started at an instant, suspended or not: the one that `tableInEffect` answers by, whatever else there is.
 * @param at Unix seconds
 */
export function newestStarted<Version extends Pick<TableVersion, 'table'>>(
  versions: readonly Version[],
  at: number,
): Version | undefined {
  return newestBy(versions, shanghaiDay(at));
}

/** The newest version that has started by a day, by version number where two start on one day. Days compare as text. */
function newestBy<Version extends Pick<TableVersion, 'table'>>(
  versions: readonly Version[],
  day: string,
): Version | undefined {
  let newest: Version | undefined;
  for (const version of versions)
    if (version.table.effectiveFrom <= day && (newest === undefined || startsAfter(version.table, newest.table)))
      newest = version;
  return newest;
}

function startsAfter(table: EquivalenceTable, other: EquivalenceTable): boolean {
  if (table.effectiveFrom !== other.effectiveFrom) return table.effectiveFrom > other.effectiveFrom;
  return table.version > other.version;
}
