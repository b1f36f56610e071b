import { describe, expect, it } from '@jest/globals';
import type { Band } from './bands.js';
import { diffTables, isNarrowing } from './diff-tables.js';
import { bandOf, type EquivalenceTable } from './equivalence-table.js';

const mapping = (map: Readonly<Record<string, Band>>): EquivalenceTable => ({
  id: 'county',
  scheme: { id: 'cn-000000-example', fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA' },
  version: 1,
  map,
  excluded: ['B'],
  effectiveFrom: '2026-01-01',
});
const letters = mapping({ AAA: 'AAA', AA: 'AA', A: 'A' });

describe('bandOf', () => {
  it('is undefined for excluded and unknown grades and for what every object has', () => {
    for (const grade of ['B', 'AAAA', 'constructor', '__proto__']) expect(bandOf(letters, grade)).toBeUndefined();
    expect(bandOf(letters, 'AA')).toBe('AA');
    expect(bandOf(mapping({ A: 'B' as Band }), 'A')).toBeUndefined();
  });
});

describe('diffTables: who moves (design §4.4)', () => {
  it('names each grade that gains or loses, and no other', () => {
    expect(diffTables(letters, mapping({ AAA: 'AAA', AA: 'AAA', B: 'A' }))).toEqual([
      { grade: 'AA', before: 'AA', after: 'AAA', change: 'widened' },
      { grade: 'A', before: 'A', after: undefined, change: 'narrowed' },
      { grade: 'B', before: undefined, after: 'A', change: 'widened' },
    ]);
    expect(diffTables(letters, { ...letters, version: 2 })).toEqual([]);
  });

  it('narrows only when no grade gains', () => {
    expect(isNarrowing(letters, mapping({ AAA: 'AAA', AA: 'A' }))).toBe(true);
    expect(isNarrowing(letters, letters)).toBe(true);
    expect(isNarrowing(letters, mapping({ AAA: 'AAA', AA: 'AA', A: 'AA' }))).toBe(false);
    expect(isNarrowing(letters, mapping({ AAA: 'A', AA: 'A', A: 'A', B: 'A' }))).toBe(false);
  });
});
