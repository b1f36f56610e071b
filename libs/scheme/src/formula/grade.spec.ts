import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { Grading, Metric, SchemeDocument, SchemeRule } from '../scheme-document.js';
import { assessMetric, type Assessed, type AssessedSubject } from './assess-metric.js';
import { gradeSubjects, type GradedSubject, type MetricGrading } from './grade.js';

const source = 'ASSUMED';
const bands = (county: string): MetricGrading =>
  (JSON.parse(readFileSync(`config/schemes/${county}/haibei.json`, 'utf8')) as SchemeDocument).gradings.find(
    (grading): grading is MetricGrading => 'bands' in grading,
  )!;
const graded = (num: number, den = 1, place = 'p'): GradedSubject => ({ place, value: { num, den }, direct: [] });
const of = (grading: MetricGrading, ...subjects: readonly GradedSubject[]): readonly (string | undefined)[] =>
  gradeSubjects(grading, subjects);

describe('bands: the edges of the Weihai and Wendeng tables (domain 3.3)', () => {
  // 乳山 applies the Weihai table.
  const [weihai, wendeng] = [bands('371083'), bands('371003')];
  it.each([
    [1151, 'AAA', 'AAA'],
    [1150, 'AAA', 'AAA'],
    [1149, 'AA', 'AAA'],
    [1050, 'AA', 'AAA'],
    [1049, 'A', 'AA'],
    [1045, 'A', 'AA'],
    [1030, 'A', 'AA'],
    [1029, 'A', 'A'],
    [1000, 'A', 'A'],
    [999, 'B', 'A'],
    [960, 'B', 'A'],
    [959, 'B', 'B'],
    [950, 'B', 'B'],
    [949, 'C', 'B'],
    [850, 'C', 'B'],
    [849, 'C', 'C'],
    [801, 'C', 'C'],
    [800, 'D', 'C'],
    [600, 'D', 'C'],
    [599, 'D', 'D'],
    [-40, 'D', 'D'],
  ])('%i is %s in Weihai and %s in Wendeng', (score, inWeihai, inWendeng) => {
    expect(of(weihai, graded(score))).toEqual([inWeihai]);
    expect(of(wendeng, graded(score))).toEqual([inWendeng]);
  });

  it('takes fractions as they are', () => {
    expect(of(weihai, graded(3449, 3), graded(3450, 3), graded(3451, 3))).toEqual(['AA', 'AAA', 'AAA']);
  });

  it('a direct grade lets nothing lift the subject above it, and the lowest holds', () => {
    const direct = (score: number, ...grades: string[]): GradedSubject => ({ ...graded(score), direct: grades });
    const subjects = [direct(1200, 'C'), direct(1200, 'C', 'D', 'B'), direct(700, 'B'), direct(1200, 'unknown')];
    expect(of(weihai, ...subjects)).toEqual(['C', 'D', 'D', 'AAA']);
    expect(of(weihai, { place: 'p', direct: ['B'] }, { place: 'p', direct: [] })).toEqual(['B', undefined]);
  });
});

describe('predicates', () => {
  const more = (op: 'gt' | 'ge'): MetricGrading => ({
    id: 'g',
    source,
    predicate: { metric: 'm', op, value: 5, code: '达标' },
  });
  it('超过 excludes the number: 15 points of 3 no, 16 yes (F18)', () => {
    expect(of(more('gt'), graded(15, 3), graded(16, 3))).toEqual([undefined, '达标']);
    expect(of(more('ge'), graded(14, 3), graded(15, 3))).toEqual([undefined, '达标']);
  });

  it('are exact where doubles are not', () => {
    const [num, den] = [5 * 900_719_925_474_099 + 1, 900_719_925_474_099];
    expect(of(more('gt'), graded(num, den), graded(num - 1, den))).toEqual(['达标', undefined]);
  });
});

describe('relative gradings', () => {
  type Relative = Extract<Grading, { relative: unknown }>['relative'];
  const on = { metric: 'm', code: '+' };
  const who = (how: Relative, ...subjects: readonly GradedSubject[]): string =>
    of({ id: 'g', source, relative: how }, ...subjects)
      .map((code) => code ?? '-')
      .join('');
  const four = [1, 2, 2, 5].map((num) => graded(num));

  it('above the mean, which may be a fraction (F21)', () => {
    expect(who({ ...on, vs: 'mean', scope: 'scheme', op: 'gt' }, ...four)).toBe('---+');
    expect(who({ ...on, vs: 'mean', scope: 'scheme', op: 'gt' }, graded(2), graded(2))).toBe('--');
    expect(who({ ...on, vs: 'mean', scope: 'scheme', op: 'ge' }, graded(2), graded(2))).toBe('++');
    expect(who({ ...on, vs: 'mean', scope: 'scheme', op: 'ge' }, graded(1, 2), graded(1, 3), graded(5, 12))).toBe(
      '+-+',
    );
  });

  it('above the median, of an even number the mean of the two in the middle', () => {
    expect(who({ ...on, vs: 'median', scope: 'scheme', op: 'gt' }, ...four)).toBe('---+');
    expect(who({ ...on, vs: 'median', scope: 'scheme', op: 'ge' }, ...four)).toBe('-+++');
    expect(who({ ...on, vs: 'median', scope: 'scheme', op: 'gt' }, ...[1, 2, 4, 5].map((num) => graded(num)))).toBe(
      '--++',
    );
    expect(who({ ...on, vs: 'median', scope: 'scheme', op: 'ge' }, graded(1), graded(5), graded(3))).toBe('-++');
  });

  it('equals share a rank', () => {
    expect(who({ ...on, vs: 'rank', scope: 'scheme', value: 2 }, ...four)).toBe('-+++');
    expect(who({ ...on, vs: 'rank', scope: 'scheme', value: 1 }, ...four)).toBe('---+');
    expect(who({ ...on, vs: 'rank', scope: 'scheme', value: 3 }, graded(9), graded(9), graded(8), graded(7))).toBe(
      '+++-',
    );
  });

  it('the first so many per cent hold no more than that, ties aside', () => {
    expect(who({ ...on, vs: 'percentile', scope: 'scheme', value: 25 }, ...four)).toBe('---+');
    expect(who({ ...on, vs: 'percentile', scope: 'scheme', value: 24 }, ...four)).toBe('----');
    expect(who({ ...on, vs: 'percentile', scope: 'scheme', value: 50 }, ...four)).toBe('-+++');
  });

  it('compare within a place or within the scheme, and only those who have a number', () => {
    const people = [graded(1, 1, 'p'), graded(3, 1, 'p'), graded(7, 1, 'q'), { place: 'q', direct: [] }];
    expect(who({ ...on, vs: 'mean', scope: 'place', op: 'ge' }, ...people)).toBe('-++-');
    expect(who({ ...on, vs: 'mean', scope: 'scheme', op: 'ge' }, ...people)).toBe('--+-');
    expect(who({ ...on, vs: 'percentile', scope: 'place', value: 100 }, ...people)).toBe('+++-');
  });
});

describe('labels', () => {
  it('are the grade where the grading knows them', () => {
    const grading: MetricGrading = { id: 'g', source, labels: { metric: 'm', order: ['好', '差'] } };
    const labelled = (label: string): GradedSubject => ({ place: 'p', value: { label }, direct: [] });
    expect(of(grading, labelled('差'), labelled('中'))).toEqual(['差', undefined]);
  });
});

describe('direct grading (直接判级, domain 2.2)', () => {
  const rules: readonly SchemeRule[] = (['person', 'household'] as const).map((kind) => ({
    id: kind,
    category: 'court',
    label_zh: '例',
    subject_kind: kind,
    formula: { override: { grade: 'C', months: 12 } },
    source,
  }));
  const metrics: readonly Metric[] = [
    { id: 'm', over: 'person', formula: { base_plus_sum: { base: 1000 } }, window: 'year', source },
  ];
  const subjects: readonly AssessedSubject[] = [{ id: 'me', kind: 'person', place: 'p' }];
  const scheme = { rules, metrics, gradings: [{ ...bands('371083'), bands: { ...rows(), metric: 'm' } }] };
  function rows(): { rows: Extract<Grading, { bands: unknown }>['bands']['rows'] } {
    const grading = bands('371083');
    return { rows: 'bands' in grading ? grading.bands.rows : [] };
  }
  const assessed = (rule: string, occurredOn: string, cutOffDay: string): readonly Assessed[] =>
    assessMetric(
      scheme,
      'm',
      {
        subjects,
        memberships: [],
        entries: [{ id: 'e', subject: 'me', rule, quantity: 1, occurredOn, recordedAt: 0, state: 'effective' }],
      },
      { window: { from: '2026-01-01', to: cutOffDay }, cutOff: Date.parse(`${cutOffDay}T12:00:00+08:00`) / 1000 },
    );
  const gradeOf = (...args: Parameters<typeof assessed>): string | undefined =>
    Object.values(assessed(...args)[0]!.grades)[0];

  it('runs from the day it happened, also from a year before the one assessed', () => {
    expect(gradeOf('person', '2025-06-01', '2026-05-31')).toBe('C');
    expect(gradeOf('person', '2025-06-01', '2026-06-01')).toBe('A');
    expect(gradeOf('person', '2026-06-02', '2026-06-01')).toBe('A');
  });

  it('of a household’s rule grades no person', () => {
    expect(gradeOf('household', '2026-03-01', '2026-05-31')).toBe('A');
  });
});
