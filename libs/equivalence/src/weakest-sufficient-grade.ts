import { bandAtLeast, type Band } from './bands.js';
import { bandOf, type EquivalenceTable } from './equivalence-table.js';

/**
 * The weakest threshold a holder should disclose for a band: the lowest grade held whose band is at least the asked one
 * under every table given (design §4.1). Tables are monotone, so "at least this grade" then implies the band.
 * `undefined` when no held grade suffices or no table is in effect: the wallet then sends nothing.
 * @param grades the scheme's grades, highest first
 * @param tables those in effect within the offer's freshness budget
 * @param heldGrades the thresholds the holder has disclosures for
 */
export function weakestSufficientGrade(
  grades: readonly string[],
  tables: readonly EquivalenceTable[],
  askedBand: Band,
  heldGrades: readonly string[],
): string | undefined {
  // "Under every table" is true of no tables at all; absence of a rule is never a yes (design §1.2).
  if (tables.length === 0) return undefined;
  return grades.findLast(
    (grade) => heldGrades.includes(grade) && tables.every((table) => bandAtLeast(bandOf(table, grade), askedBand)),
  );
}
