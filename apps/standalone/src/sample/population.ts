import { shanghaiDay, shanghaiDayStart } from '#libs/calendar';
import { exportedGrading, gradeOfValue, scoreBands, type SchemeDocument, type ScoreBands } from '#libs/scheme';
import { awardsForScore } from './awards-for-score.js';
import { drawInteger, drawOne, seededRandom, type SeededRandom } from './seeded-random.js';

/** `config/population.json`: the seed of the invented residents (schema: `config/schemas/population.schema.json`). */
export interface PopulationConfig {
  readonly seed: number;
  readonly residentsPerCounty: number;
  readonly birthYears: { readonly from: number; readonly to: number };
  readonly counties: readonly CountyPopulation[];
  readonly surnames: readonly string[];
  readonly givenNames: readonly string[];
}

interface CountyPopulation {
  readonly scheme: string;
  readonly handlePrefix: string;
  /** How many residents have each grade, besides those of `exactScores`. */
  readonly grades: Readonly<Record<string, number>>;
  readonly exactScores: readonly { readonly score: number; readonly residents: number }[];
}

export interface SampleEntry {
  readonly id: string;
  readonly ruleId: string;
  /** `YYYY-MM-DD`, Asia/Shanghai. */
  readonly occurredOn: string;
  readonly qty: number;
}

export interface SampleResident {
  /** `rc-0001`; stable for a seed. */
  readonly handle: string;
  readonly name: string;
  readonly documentLast4: string;
  readonly birthYear: number;
  readonly entries: readonly SampleEntry[];
  /** What the entries amount to under the scheme; the county computes its own. */
  readonly intended: { readonly score: number; readonly grade: string };
}

const DAY_SECONDS = 86_400;
/** How far the open-ended grades reach in the sample. */
const OPEN_BAND_POINTS = 40;

/**
 * The invented adults of one county, the same ones for the same seed: each with entries of `year` under the scheme's own
 * rules whose assessed score has the intended grade. Persons, scores and rules do not depend on `asOf`; only the days do,
 * which lie between 1 January of `year` and `asOf` (inclusive).
 * @param when `asOf` is today, `YYYY-MM-DD`, Asia/Shanghai
 * @throws RangeError when the configuration does not know the scheme, it has no bands over a score, its numbers do not add up to `residentsPerCounty`, the
 *   scheme's rules cannot reach a score, or `asOf` lies before `year`
 */
export function samplePopulation(
  config: PopulationConfig,
  scheme: SchemeDocument,
  when: { readonly year: number; readonly asOf: string },
): readonly SampleResident[] {
  const county = config.counties.find((candidate) => candidate.scheme === scheme.id);
  if (county === undefined) throw new RangeError(`no population is configured for ${scheme.id}`);
  const random = seededRandom(config.seed, scheme.id);
  const scores = drawScores(county, scheme, random);
  if (scores.length !== config.residentsPerCounty)
    throw new RangeError(`the residents of ${scheme.id} do not add up to residentsPerCounty`);
  const days = daysUpTo(when);
  return scores.map((score, index) => {
    const handle = `${county.handlePrefix}-${String(index + 1).padStart(4, '0')}`;
    return {
      handle,
      ...drawPerson(config, when.year, random),
      entries: drawEntries(scheme, score, `${handle}-${when.year}`, days, random),
      intended: { score, grade: gradeOf(scheme, score) ?? '' },
    };
  });
}

/** Exact scores first, then grade by grade, highest first. */
function drawScores(county: CountyPopulation, scheme: SchemeDocument, random: SeededRandom): readonly number[] {
  const bands = scoreBands(scheme);
  if (bands === undefined) throw new RangeError(`${scheme.id} has no score`);
  const exact = county.exactScores.flatMap(({ score, residents }) => Array.from({ length: residents }, () => score));
  const graded = bands.rows.flatMap(({ code }) =>
    Array.from({ length: county.grades[code] ?? 0 }, () => drawScore(scheme, bands, code, random)),
  );
  return [...exact, ...graded];
}

function drawScore(scheme: SchemeDocument, { base, rows }: ScoreBands, grade: string, random: SeededRandom): number {
  const row = rows.find(({ code }) => code === grade);
  const lowest = row?.ge ?? (row?.lt ?? base) - OPEN_BAND_POINTS;
  const highest = row?.lt === undefined ? lowest + OPEN_BAND_POINTS : row.lt - 1;
  const drawn = drawInteger(random, lowest, highest);
  // Half of those whose grade is that of an empty record have one.
  return gradeOf(scheme, base) === grade && random() < 0.5 ? base : drawn;
}

function gradeOf(scheme: SchemeDocument, score: number): string | undefined {
  const grading = exportedGrading(scheme)?.grading;
  return grading !== undefined && 'bands' in grading ? gradeOfValue(grading, { num: score, den: 1 }) : undefined;
}

function drawPerson(
  { surnames, givenNames, birthYears }: PopulationConfig,
  year: number,
  random: SeededRandom,
): Pick<SampleResident, 'name' | 'documentLast4' | 'birthYear'> {
  // 18 years are complete at the latest on the last day of the year in which one turns 18.
  const youngest = Math.min(birthYears.to, year - 19);
  return {
    name: `${drawOne(random, surnames)}${drawOne(random, givenNames)}`,
    documentLast4: `${String(drawInteger(random, 0, 999)).padStart(3, '0')}${'0123456789X'[drawInteger(random, 0, 10)]}`,
    birthYear: drawInteger(random, birthYears.from, youngest),
  };
}

function drawEntries(
  scheme: SchemeDocument,
  score: number,
  idPrefix: string,
  days: { readonly first: number; readonly count: number },
  random: SeededRandom,
): readonly SampleEntry[] {
  return awardsForScore(scheme, score, random)
    .map((award) => ({ award, moment: random() }))
    .toSorted((one, other) => one.moment - other.moment)
    .map(({ award, moment }, index) => ({
      id: `${idPrefix}-${String(index + 1).padStart(2, '0')}`,
      ruleId: award.ruleId,
      occurredOn: shanghaiDay(days.first + Math.floor(moment * days.count) * DAY_SECONDS),
      qty: award.qty,
    }));
}

function daysUpTo({ year, asOf }: { readonly year: number; readonly asOf: string }): {
  readonly first: number;
  readonly count: number;
} {
  const first = shanghaiDayStart(`${year}-01-01`);
  const last = Math.min(shanghaiDayStart(asOf), shanghaiDayStart(`${year}-12-31`));
  if (last < first) throw new RangeError('asOf lies before the year');
  return { first, count: (last - first) / DAY_SECONDS + 1 };
}
