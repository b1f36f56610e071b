import { tablesInEffectWithin, weakestSufficientGrade, type Band, type TableVersion } from '#libs/equivalence';
import type { HeldAttestation } from './held-attestation.js';

/**
 * The weakest local threshold that maps to the asked band under every table version in effect within the freshness budget
 * (design §4.1), so that a gate a few hours behind decides the same. `undefined` when nothing held suffices: the wallet
 * then sends nothing.
 * @param grades the scheme's grades, highest first
 * @param now Unix seconds
 */
export function chooseThreshold(
  held: HeldAttestation,
  asked: { readonly band: Band; readonly freshnessSeconds: number },
  scheme: { readonly grades: readonly string[] },
  tables: readonly TableVersion[],
  now: number,
): string | undefined {
  const effective = tablesInEffectWithin(tables, now, asked.freshnessSeconds);
  if (effective.length === 0) return undefined;
  return weakestSufficientGrade(scheme.grades, effective, asked.band, [...held.thresholds.keys()]);
}
