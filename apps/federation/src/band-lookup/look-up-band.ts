import type { AllianceTrust } from '#libs/alliance';
import { shanghaiDayStart } from '#libs/calendar';
import { bandOf, tableInEffect, type Band, type EquivalenceTable } from '#libs/equivalence';

/** Why a grade has no band on a day. */
export type NoBandReason = 'not_declared' | 'unmapped' | 'suspended' | 'excluded';

export interface BandAnswer {
  readonly band: Band | null;
  readonly table: {
    readonly id: string;
    readonly version: number;
    readonly digest: string;
    readonly effectiveFrom: string;
  } | null;
  readonly reason?: NoBandReason;
}

/**
 * Which band a grade of a scheme, under a fingerprint, has on a day, as far as the present head knows: the same look-up as at
 * a gate, for anybody to check.
 * @param day `YYYY-MM-DD`, Asia/Shanghai
 */
export function lookUpBand(
  trust: AllianceTrust,
  { scheme, fingerprint, grade, day }: { scheme: string; fingerprint: string; grade: string; day: string },
): BandAnswer {
  const declaration = trust.scheme(scheme, fingerprint);
  if (declaration === undefined) return none('not_declared');
  if (declaration.suspended) return none('suspended');
  const versions = trust
    .tableVersions(scheme, fingerprint)
    .map(({ payload, digest, suspended }) => ({ table: payload as EquivalenceTable, digest, suspended }));
  const found = tableInEffect(versions, shanghaiDayStart(day));
  if (found.kind === 'unmapped') return none(found.reason === 'suspended' ? 'suspended' : 'unmapped');
  const { id, version, effectiveFrom } = found.table;
  const table = { id, version, digest: found.version.digest, effectiveFrom };
  const band = bandOf(found.table, grade);
  if (band !== undefined) return { band, table };
  return { band: null, table, reason: found.table.excluded.includes(grade) ? 'excluded' : 'unmapped' };
}

function none(reason: NoBandReason): BandAnswer {
  return { band: null, table: null, reason };
}
