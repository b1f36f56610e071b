import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { shanghaiDayStart } from '#libs/calendar';
import { assessMetric, exportedGrading, type SchemeDocument } from '#libs/scheme';
import { samplePopulation, type PopulationConfig, type SampleResident } from './population.js';

const read = (file: string): unknown => JSON.parse(readFileSync(`config/${file}.json`, 'utf8'));
const config = read('population') as PopulationConfig;
const files = {
  rongcheng: 'schemes/371082/haibei',
  rushan: 'schemes/371083/haibei',
  wendeng: 'schemes/371003/haibei',
  xuecheng: 'schemes/370403/liuhua',
} as const;
const names = ['rongcheng', 'rushan', 'wendeng', 'xuecheng'] as const;
const schemes = Object.fromEntries(names.map((name) => [name, read(files[name]) as SchemeDocument])) as Record<
  (typeof names)[number],
  SchemeDocument
>;
const when = { year: 2026, asOf: '2026-11-22' };

/** What the county itself computes at the end of `asOf`, or of the year if that is earlier. */
function assessed(
  scheme: SchemeDocument,
  resident: SampleResident,
  { year, asOf } = when,
): { readonly score: unknown; readonly grade: string | undefined } {
  const cutOff = Math.min(shanghaiDayStart(asOf), shanghaiDayStart(`${year}-12-31`)) + 86_399;
  const subject = resident.handle;
  const entries = resident.entries.map(({ id, ruleId: rule, occurredOn, qty: quantity }) => {
    return { id, subject, rule, quantity, occurredOn, recordedAt: cutOff, state: 'effective' as const };
  });
  const people = { subjects: [{ id: subject, kind: 'person' as const, place: 'p' }], entries, memberships: [] };
  const time = { window: { from: `${year}-01-01`, to: `${year}-12-31` }, cutOff };
  const [result] = assessMetric(scheme, scheme.metrics[0]!.id, people, time);
  return {
    score: result?.value !== undefined && 'num' in result.value ? result.value.num : undefined,
    grade: result?.grades[exportedGrading(scheme)!.grading.id],
  };
}

describe.each(names)('samplePopulation of %s', (name) => {
  const scheme = schemes[name];
  const residents = samplePopulation(config, scheme, when);

  it('has the configured number of residents, with unique handles and entry ids', () => {
    expect(residents).toHaveLength(config.residentsPerCounty);
    expect(new Set(residents.map(({ handle }) => handle)).size).toBe(residents.length);
    const ids = residents.flatMap(({ entries }) => entries.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is assessed to the intended score and grade', () => {
    for (const resident of residents) expect(assessed(scheme, resident)).toEqual(resident.intended);
  });

  it('has residents of every grade, as configured', () => {
    const county = config.counties.find((candidate) => candidate.scheme === scheme.id)!;
    for (const grade of exportedGrading(scheme)!.grades) {
      const graded = residents.filter(({ intended }) => intended.grade === grade);
      const exact = county.exactScores.filter(({ score }) => graded.some(({ intended }) => intended.score === score));
      const expected = exact.reduce((sum, { residents: some }) => sum + some, county.grades[grade] ?? 0);
      expect(graded).toHaveLength(expected);
      expect(expected).toBeGreaterThan(0);
    }
  });

  it('holds adults only, with the four last characters of a document', () => {
    for (const { birthYear, documentLast4 } of residents) {
      expect(when.year - birthYear).toBeGreaterThanOrEqual(19);
      expect(documentLast4).toMatch(/^\d{3}[\dX]$/);
    }
    const earlier = samplePopulation(config, scheme, { year: 2010, asOf: '2010-06-01' });
    expect(Math.max(...earlier.map(({ birthYear }) => birthYear))).toBeLessThanOrEqual(2010 - 19);
  });

  it.each(['2026-01-01', '2026-01-02', '2026-12-31', '2027-05-01'])(
    'keeps people, rules and scores as of %s, with days of the year up to it',
    (asOf) => {
      const others = samplePopulation(config, scheme, { year: 2026, asOf });
      const withoutDays = (list: readonly SampleResident[]): unknown =>
        list.map((resident) => ({
          ...resident,
          entries: resident.entries.map(({ id, ruleId, qty }) => [id, ruleId, qty]),
        }));
      expect(withoutDays(others)).toEqual(withoutDays(residents));
      const days = others.flatMap(({ entries }) => entries.map(({ occurredOn }) => occurredOn));
      expect(days.every((day) => day >= '2026-01-01' && day <= asOf && day <= '2026-12-31')).toBe(true);
      for (const resident of others)
        expect(assessed(scheme, resident, { year: 2026, asOf })).toEqual(resident.intended);
    },
  );

  it('is the same for the same seed and another for another', () => {
    expect(samplePopulation(config, scheme, when)).toEqual(residents);
    expect(samplePopulation({ ...config, seed: config.seed + 1 }, scheme, when)).not.toEqual(residents);
  });
});

describe('samplePopulation: who the sample visits need', () => {
  const count = (name: (typeof names)[number], fits: (intended: SampleResident['intended']) => boolean): number =>
    samplePopulation(config, schemes[name], when).filter(({ intended }) => fits(intended)).length;

  it('has twelve of each, so that the visits can be played again', () => {
    expect(count('wendeng', ({ score, grade }) => score === 1045 && grade === 'AA')).toBeGreaterThanOrEqual(12);
    expect(count('rushan', ({ score, grade }) => score === 1045 && grade === 'A')).toBeGreaterThanOrEqual(12);
    for (const grade of ['AA', 'A'])
      expect(count('rongcheng', (intended) => intended.grade === grade)).toBeGreaterThanOrEqual(12);
    for (const name of ['rushan', 'xuecheng'] as const)
      expect(count(name, ({ grade }) => grade === 'AA')).toBeGreaterThanOrEqual(12);
  });
});

describe('samplePopulation refuses', () => {
  it('a scheme it has no numbers for, numbers that do not add up, and a day before the year', () => {
    const { rongcheng } = schemes;
    expect(() => samplePopulation({ ...config, counties: [] }, rongcheng, when)).toThrow(RangeError);
    expect(() => samplePopulation({ ...config, residentsPerCounty: 99 }, rongcheng, when)).toThrow(RangeError);
    expect(() => samplePopulation(config, rongcheng, { year: 2026, asOf: '2025-12-31' })).toThrow(RangeError);
  });

  it('a scheme whose rules cannot reach a score', () => {
    const rules = schemes.rongcheng.rules.filter(({ id }) => id !== 'commitment-kept');
    expect(() => samplePopulation(config, { ...schemes.rongcheng, rules }, when)).toThrow(RangeError);
    const noDeduction = schemes.rongcheng.rules.filter(({ formula }) => !('deduct' in formula));
    expect(() => samplePopulation(config, { ...schemes.rongcheng, rules: noDeduction }, when)).toThrow(RangeError);
  });
});
