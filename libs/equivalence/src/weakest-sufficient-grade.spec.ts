import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bandAtLeast, BANDS, type Band } from './bands.js';
import { bandOf, type EquivalenceTable } from './equivalence-table.js';
import { weakestSufficientGrade } from './weakest-sufficient-grade.js';

const grades = ['AAA', 'AA', 'A'];
const mapping = (map: Readonly<Record<string, Band>>, excluded: readonly string[] = []): EquivalenceTable => ({
  id: 'county',
  scheme: { id: 'cn-000000-example', fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA' },
  version: 1,
  map,
  excluded,
  effectiveFrom: '2026-01-01',
});
const letters = mapping({ AAA: 'AAA', AA: 'AA', A: 'A' });

describe('weakestSufficientGrade: the least the wallet must disclose (design §4.1)', () => {
  it('is the lowest held grade that maps to the asked band', () => {
    expect(weakestSufficientGrade(grades, [letters], 'A', ['A', 'AA', 'AAA'])).toBe('A');
    expect(weakestSufficientGrade(grades, [letters], 'AA', ['A', 'AA', 'AAA'])).toBe('AA');
    expect(weakestSufficientGrade(grades, [letters], 'AAA', ['A', 'AA'])).toBeUndefined();
  });

  it('suffices under every table in effect, not only the newest', () => {
    const stricter = mapping({ AAA: 'AA', AA: 'A' }, ['A']);
    expect(weakestSufficientGrade(grades, [letters, stricter], 'A', grades)).toBe('AA');
    expect(weakestSufficientGrade(grades, [letters, stricter], 'AA', grades)).toBe('AAA');
    expect(weakestSufficientGrade(grades, [letters, stricter], 'AAA', grades)).toBeUndefined();
  });

  it('is undefined without a table: absence of a rule is never a yes (design §1.2)', () => {
    expect(weakestSufficientGrade(grades, [], 'A', grades)).toBeUndefined();
  });
});

describe('weakestSufficientGrade over arbitrary monotone tables', () => {
  const ladder = ['g1', 'g2', 'g3', 'g4', 'g5'];
  /** Highest grade first: bands fall, then grades are excluded. */
  const monotoneTable = fc
    .tuple(fc.array(fc.constantFrom(0, 1, 2, 3), { minLength: 5, maxLength: 5 }))
    .map(([ranks]) => ranks.toSorted((one, other) => one - other))
    .map((ranks) => {
      const mapped = ladder.flatMap((grade, at): [string, Band][] => {
        const band = [...BANDS, undefined][ranks[at]!];
        return band === undefined ? [] : [[grade, band]];
      });
      return mapping(Object.fromEntries(mapped), ladder.slice(mapped.length));
    });
  const tables = fc.array(monotoneTable, { minLength: 1, maxLength: 3 });
  const held = fc.subarray(ladder);
  const band = fc.constantFrom(...BANDS);
  /** Higher rank, stronger disclosure; undefined is beyond every grade. */
  const strength = (grade: string | undefined): number =>
    grade === undefined ? 99 : ladder.length - ladder.indexOf(grade);

  it('never names a grade not held, and what it names suffices under every table', () => {
    fc.assert(
      fc.property(tables, held, band, (given, holds, asked) => {
        const grade = weakestSufficientGrade(ladder, given, asked, holds);
        if (grade === undefined) return;
        expect(holds).toContain(grade);
        for (const table of given) expect(bandAtLeast(bandOf(table, grade), asked)).toBe(true);
      }),
    );
  });

  it('names the weakest: every weaker held grade fails under some table', () => {
    fc.assert(
      fc.property(tables, held, band, (given, holds, asked) => {
        const grade = weakestSufficientGrade(ladder, given, asked, holds);
        const weaker = holds.filter((candidate) => strength(candidate) < strength(grade));
        for (const candidate of weaker)
          expect(given.every((table) => bandAtLeast(bandOf(table, candidate), asked))).toBe(false);
      }),
    );
  });

  it('is monotone: a higher band or one table more never asks for less', () => {
    fc.assert(
      fc.property(tables, monotoneTable, held, (given, another, holds) => {
        const [highest, middle, lowest] = BANDS.map((asked) =>
          strength(weakestSufficientGrade(ladder, given, asked, holds)),
        );
        expect(highest).toBeGreaterThanOrEqual(middle!);
        expect(middle).toBeGreaterThanOrEqual(lowest!);
        for (const asked of BANDS)
          expect(strength(weakestSufficientGrade(ladder, [...given, another], asked, holds))).toBeGreaterThanOrEqual(
            strength(weakestSufficientGrade(ladder, given, asked, holds)),
          );
      }),
    );
  });

  it('holds for everyone above: under monotone tables a higher held grade suffices too', () => {
    fc.assert(
      fc.property(tables, held, band, (given, holds, asked) => {
        const grade = weakestSufficientGrade(ladder, given, asked, holds);
        if (grade === undefined) return;
        for (const higher of ladder.slice(0, ladder.indexOf(grade)))
          for (const table of given) expect(bandAtLeast(bandOf(table, higher), asked)).toBe(true);
      }),
    );
  });
});
