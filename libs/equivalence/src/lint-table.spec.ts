import { describe, expect, it } from '@jest/globals';
import type { SchemeDeclaration } from '#libs/scheme';
import type { Band } from './bands.js';
import type { EquivalenceTable } from './equivalence-table.js';
import { lintTable, type TableFaultCode, type TableSubmission } from './lint-table.js';

const declaration: SchemeDeclaration = {
  id: 'cn-000000-example',
  member: 'https://county.example',
  name: { zh: '示例分' },
  fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA',
  basis: 'graded',
  subject: 'person',
  grades: ['AAA', 'AA', 'A', 'B', 'C'],
  positiveFloor: 'A',
};
const table: EquivalenceTable = {
  id: 'county',
  scheme: { id: declaration.id, fingerprint: declaration.fingerprint },
  version: 1,
  map: { AAA: 'AAA', AA: 'AA', A: 'A' },
  excluded: ['B', 'C'],
  effectiveFrom: '2026-03-09',
};
/** Monday 2026-03-02 00:00 in Shanghai: seven days before the table starts. */
const submittedAt = Date.parse('2026-03-02T00:00:00+08:00') / 1000;

const faults = (
  changes: Partial<EquivalenceTable>,
  submission: Partial<TableSubmission> = {},
  declared: Partial<SchemeDeclaration> = {},
): [TableFaultCode, string][] =>
  lintTable({ ...table, ...changes }, { ...declaration, ...declared }, { submittedAt, ...submission }).map(
    ({ code, path }) => [code, path],
  );

describe('lintTable: coverage (design §4.4)', () => {
  it('accepts a table on the letter', () => {
    expect(faults({})).toEqual([]);
  });

  it('wants every grade mapped or excluded', () => {
    expect(faults({ excluded: ['C'] })).toEqual([['GRADE_NOT_COVERED', '/map']]);
  });

  it('refuses a grade mapped and excluded, or excluded twice', () => {
    expect(faults({ excluded: ['B', 'C', 'A'] })).toEqual([['GRADE_COVERED_TWICE', '/excluded/2']]);
    expect(faults({ excluded: ['B', 'C', 'B'] })).toEqual([['GRADE_COVERED_TWICE', '/excluded/2']]);
  });

  it('refuses grades the scheme does not have', () => {
    expect(faults({ map: { ...table.map, 'A/+': 'A' } })).toEqual([['GRADE_UNKNOWN', '/map/A~1+']]);
    expect(faults({ excluded: ['B', 'C', 'D'] })).toEqual([['GRADE_UNKNOWN', '/excluded/2']]);
  });

  it('does not take what every object has for a grade', () => {
    const grades = ['AAA', 'AA', 'A', 'B', 'C', 'constructor'];
    expect(faults({}, {}, { grades })).toEqual([['GRADE_NOT_COVERED', '/map']]);
  });

  it('knows only the bands AAA, AA and A', () => {
    expect(faults({ map: { ...table.map, A: 'B' as Band } })).toEqual([['BAND_UNKNOWN', '/map/A']]);
  });
});

describe('lintTable: order (design §4.4)', () => {
  it('wants higher grades to have at least the band of lower ones', () => {
    expect(faults({ map: { AAA: 'AA', AA: 'AAA', A: 'A' } })).toEqual([['NOT_MONOTONE', '/map/AA']]);
    expect(faults({ map: { AAA: 'AA', AA: 'AA', A: 'AA' } })).toEqual([]);
  });

  it('counts excluded as below every band', () => {
    expect(faults({ map: { AAA: 'AAA', A: 'A' }, excluded: ['AA', 'B', 'C'] })).toEqual([['NOT_MONOTONE', '/map/A']]);
    expect(faults({ map: { AAA: 'AAA', AA: 'A' }, excluded: ['A', 'B', 'C'] })).toEqual([]);
  });

  it('lets grades under the positive floor only be excluded', () => {
    expect(faults({ map: { ...table.map, B: 'A' }, excluded: ['C'] })).toEqual([
      ['GRADE_BELOW_POSITIVE_FLOOR', '/map/B'],
    ]);
    expect(faults({}, {}, { positiveFloor: 'AA' })).toEqual([['GRADE_BELOW_POSITIVE_FLOOR', '/map/A']]);
    expect(faults({}, {}, { positiveFloor: 'unknown' })).toHaveLength(3);
  });
});

describe('lintTable: what may be mapped at all (design §4.4, domain 3.3)', () => {
  it.each(['eligibility', 'relative', 'inspection', 'points', 'lender', 'internal'] as const)(
    'refuses the basis %s',
    (basis) => {
      expect(faults({}, {}, { basis })).toEqual([['UNMAPPABLE_BASIS', '/scheme/id']]);
    },
  );

  it.each(['household', 'building', 'group', 'post', 'enterprise'] as const)('refuses the subject %s', (subject) => {
    expect(faults({}, {}, { subject })).toEqual([['UNMAPPABLE_SUBJECT', '/scheme/id']]);
  });

  it('wants the declared scheme and fingerprint', () => {
    const scheme = { id: declaration.id, fingerprint: 'BBBBBBBBBBBBBBBBBBBBBB' };
    expect(faults({ scheme })).toEqual([['FINGERPRINT_NOT_DECLARED', '/scheme/fingerprint']]);
    expect(faults({ scheme: { ...table.scheme, id: 'other' } })).toEqual([['SCHEME_MISMATCH', '/scheme/id']]);
  });
});

describe('lintTable: versions and notice (design §4.4)', () => {
  const previous: EquivalenceTable = { ...table, effectiveFrom: '2026-01-01' };
  const narrower = { version: 2, map: { AAA: 'AAA', AA: 'A' }, excluded: ['A', 'B', 'C'] } as const;
  const wider = { version: 2, map: { AAA: 'AAA', AA: 'AAA', A: 'A' } } as const;

  it('counts versions up by one', () => {
    expect(faults({ version: 2 })).toEqual([['VERSION_NOT_NEXT', '/version']]);
    expect(faults({ version: 1 }, { previous })).toEqual([['VERSION_NOT_NEXT', '/version']]);
    expect(faults({ ...wider, version: 3 }, { previous })).toEqual([['VERSION_NOT_NEXT', '/version']]);
  });

  it('follows a version of the same scheme and fingerprint, and starts after it', () => {
    const other = { ...previous, scheme: { ...table.scheme, fingerprint: 'BBBBBBBBBBBBBBBBBBBBBB' } };
    expect(faults(wider, { previous: other })).toEqual([['SCHEME_MISMATCH', '/scheme']]);
    expect(faults(narrower, { previous: { ...previous, effectiveFrom: table.effectiveFrom } })).toEqual([
      ['EFFECTIVE_FROM_NOT_LATER', '/effectiveFrom'],
    ]);
  });

  it('wants seven days before a first or a wider version, to the second', () => {
    const late: [TableFaultCode, string][] = [['NOTICE_TOO_SHORT', '/effectiveFrom']];
    expect(faults({}, { submittedAt: submittedAt + 1 })).toEqual(late);
    expect(faults(wider, { previous })).toEqual([]);
    expect(faults(wider, { previous, submittedAt: submittedAt + 1 })).toEqual(late);
  });

  it('wants none before a narrower one, but does not date it back', () => {
    const today = Date.parse('2026-03-09T18:00:00+08:00') / 1000;
    expect(faults(narrower, { previous, submittedAt: today })).toEqual([]);
    expect(faults(narrower, { previous, submittedAt: today + 86_400 })).toEqual([
      ['NOTICE_TOO_SHORT', '/effectiveFrom'],
    ]);
  });

  it('takes any successor of a suspended version for a widening', () => {
    const today = Date.parse('2026-03-09T18:00:00+08:00') / 1000;
    expect(faults(narrower, { previous, previousSuspended: true, submittedAt: today })).toEqual([
      ['NOTICE_TOO_SHORT', '/effectiveFrom'],
    ]);
  });

  it('wants a day that exists', () => {
    expect(faults({ effectiveFrom: '2026-02-30' })).toEqual([['EFFECTIVE_FROM_INVALID', '/effectiveFrom']]);
  });
});
