import { bandAtLeast, type Band } from './bands.js';
import { bandOf, type EquivalenceTable } from './equivalence-table.js';

/** One grade whose band differs between two versions; `undefined` stands for excluded or unmapped. */
export interface GradeChange {
  readonly grade: string;
  readonly before: Band | undefined;
  readonly after: Band | undefined;
  readonly change: 'widened' | 'narrowed';
}

/**
 * Grade by grade, what a version changes against another one of the same scheme and fingerprint. Grades in the order in
 * which the tables name them; equal ones are left out.
 */
export function diffTables(before: EquivalenceTable, after: EquivalenceTable): readonly GradeChange[] {
  const changes: GradeChange[] = [];
  for (const grade of new Set([...Object.keys(before.map), ...Object.keys(after.map)])) {
    const old = bandOf(before, grade);
    const now = bandOf(after, grade);
    if (old === now) continue;
    const widened = now !== undefined && (old === undefined || bandAtLeast(now, old));
    changes.push({ grade, before: old, after: now, change: widened ? 'widened' : 'narrowed' });
  }
  return changes;
}

/** Whether no grade gains by the change: it needs no notice, and one officer's word is enough (design §4.4). */
export function isNarrowing(before: EquivalenceTable, after: EquivalenceTable): boolean {
  return diffTables(before, after).every(({ change }) => change === 'narrowed');
}
