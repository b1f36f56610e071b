import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { checkScheme, type SchemeFaultCode } from './check-scheme.js';
import { forbiddenSubjectOf } from './forbidden-subjects.js';
import type { BandRow, SchemeDocument, SchemeRule } from './scheme-document.js';

const wendeng = JSON.parse(readFileSync('config/schemes/wendeng.json', 'utf8')) as SchemeDocument;
const rule = wendeng.rules[0]!;

const { metric, rows: bandRows, floor } = gradingOf(wendeng);

function gradingOf({ gradings: [grading] }: SchemeDocument): {
  readonly metric: string;
  readonly rows: readonly BandRow[];
  readonly floor: string;
} {
  if (grading === undefined || !('bands' in grading)) throw new RangeError('the sample has bands');
  return { ...grading.bands, floor: grading.positive_floor ?? '' };
}

const withRows = (rows: readonly BandRow[], positive_floor = floor): SchemeDocument => ({
  ...wendeng,
  gradings: [{ id: 'grade', positive_floor, bands: { metric, rows }, source: 'ASSUMED' }],
});
const withRow = (code: string, edges: { ge?: number; lt?: number }): SchemeDocument =>
  withRows(bandRows.map((row) => (row.code === code ? { code, source: row.source, ...edges } : row)));
const withRules = (...rules: readonly SchemeRule[]): SchemeDocument => ({ ...wendeng, rules });
const faults = (scheme: SchemeDocument): [SchemeFaultCode, string][] =>
  checkScheme(scheme).map(({ code, path }) => [code, path]);

describe('checkScheme: bands are half-open, contiguous and cover every score (domain 3.1)', () => {
  it('accepts a sound document', () => {
    expect(faults(wendeng)).toEqual([]);
  });

  it('finds a gap, an overlap and an empty row', () => {
    expect(faults(withRow('AA', { ge: 1030, lt: 1049 }))).toEqual([['BANDS_GAP', '/gradings/0/bands/rows/1/lt']]);
    expect(faults(withRow('AA', { ge: 1030, lt: 1051 }))).toEqual([['BANDS_OVERLAP', '/gradings/0/bands/rows/1/lt']]);
    expect(faults(withRow('AA', { ge: 1030 }))).toEqual([['BANDS_OVERLAP', '/gradings/0/bands/rows/1/lt']]);
    expect(faults(withRow('AA', { ge: 1050, lt: 1050 }))).toContainEqual(['BAND_EMPTY', '/gradings/0/bands/rows/1']);
  });

  it('finds scores beyond the highest and below the lowest row', () => {
    expect(faults(withRow('AAA', { ge: 1050, lt: 2000 }))).toEqual([
      ['BANDS_NOT_COVERING', '/gradings/0/bands/rows/0/lt'],
    ]);
    expect(faults(withRow('D', { ge: 0, lt: 600 }))).toEqual([['BANDS_NOT_COVERING', '/gradings/0/bands/rows/5/ge']]);
  });

  it('wants a metric of the scheme', () => {
    const [first] = wendeng.metrics;
    expect(faults({ ...wendeng, export: 'none', metrics: [{ ...first!, id: 'other' }] })).toEqual([
      ['METRIC_UNKNOWN', '/gradings/0'],
    ]);
  });
});

describe('checkScheme: grades, days and export', () => {
  it('wants the positive floor among the grades and no grade twice', () => {
    expect(faults(withRows(bandRows, 'A+'))).toEqual([['POSITIVE_FLOOR_UNKNOWN', '/gradings/0/positive_floor']]);
    const twice = bandRows.map((row) => (row.code === 'D' ? { ...row, code: 'C' } : row));
    expect(faults(withRows(twice))).toEqual([['GRADE_DUPLICATE', '/gradings/0']]);
  });

  it('wants days that exist, in order', () => {
    expect(faults({ ...wendeng, valid: { from: '2020-02-30' } })).toEqual([['DAY_UNKNOWN', '/valid/from']]);
    expect(faults({ ...wendeng, valid: { from: '2020-01-01', to: '2019-12-31' } })).toEqual([
      ['VALIDITY_EMPTY', '/valid/to'],
    ]);
  });

  it('exports a band only from a graded scheme of persons (domain 3.3)', () => {
    for (const scheme of [
      { ...wendeng, basis: 'points' as const },
      { ...wendeng, subject_kinds: ['person', 'household'] as const },
      { ...wendeng, metrics: [{ ...wendeng.metrics[0]!, over: 'household' as const }] },
      { ...wendeng, gradings: [{ id: 'grade', bands: { metric, rows: bandRows }, source: 'ASSUMED' }] },
    ]) {
      expect(faults(scheme)).toEqual([['EXPORT_NOT_ALLOWED', '/export']]);
      expect(faults({ ...scheme, export: 'badge' })).toEqual([]);
    }
  });
});

describe('checkScheme: rules (domain G1)', () => {
  it('wants ids once and subjects the scheme has', () => {
    expect(faults(withRules(rule, rule))).toEqual([['RULE_ID_DUPLICATE', '/rules/1/id']]);
    expect(faults(withRules({ ...rule, subject_kind: 'household' }))).toEqual([
      ['RULE_SUBJECT_KIND_UNKNOWN', '/rules/0/subject_kind'],
    ]);
  });

  it.each([
    ['petitioning', '越级上访'],
    ['belief', '参加宗教活动'],
    ['speech', '在微信群发表不当言论'],
    ['family_planning', '违反计划生育'],
    ['illness', '隐瞒病史'],
    ['genes', '提供血型信息'],
    ['petitioning', '信 · 访'],
    ['genes', 'ｄｎａ采集'],
  ])('refuses a rule on %s: %s', (subject, label) => {
    expect(forbiddenSubjectOf({ category: 'conduct', label_zh: label })).toBe(subject);
    expect(faults(withRules({ ...rule, label_zh: label }))).toEqual([['RULE_SUBJECT_FORBIDDEN', '/rules/0']]);
  });

  it('refuses a forbidden category whatever the label says, and lets honest rules pass', () => {
    expect(forbiddenSubjectOf({ category: 'family-planning', label_zh: '其他' })).toBe('family_planning');
    for (const label of ['无偿献血', '依法诚信纳税', '主动履行生效法律文书'])
      expect(forbiddenSubjectOf({ category: 'conduct', label_zh: label })).toBeUndefined();
  });
});
