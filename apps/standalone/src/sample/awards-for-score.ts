import { scoreBands, type SchemeDocument, type SchemeRule } from '#libs/scheme';
import { drawOne, type SeededRandom } from './seeded-random.js';

/** One award or deduction that a sample resident receives: a rule and how many units of it. */
export interface SampleAward {
  readonly ruleId: string;
  readonly qty: number;
}

interface Choice {
  readonly ruleId: string;
  readonly points: number;
  /** What a year's cap leaves. */
  left: number;
}

/**
 * Awards and deductions under a scheme's own rules that add up to exactly `score`: deductions first where the score lies
 * below the base, then flat awards by chance, and the rest in units of a rule worth one point each.
 * @throws RangeError when the scheme has no bands over a score, or its rules and caps cannot reach the score
 */
export function awardsForScore(scheme: SchemeDocument, score: number, random: SeededRandom): readonly SampleAward[] {
  const base = scoreBands(scheme)?.base;
  if (base === undefined) throw new RangeError(`${scheme.id} has no score`);
  const target = score - base;
  const deductions = drawDeductions(scheme.rules, target, random);
  const missing = target - pointsOf(deductions);
  const unit = scheme.rules.find(isOnePointRule);
  const units = unit === undefined ? 0 : yearlyCap(unit);
  const awards = drawAwards(scheme.rules, missing, units, random);
  const rest = missing - pointsOf(awards);
  if (rest > units) throw new RangeError(`the rules of ${scheme.id} cannot reach every score of the sample`);
  const drawn = [...deductions, ...awards].map(({ ruleId }) => ({ ruleId, qty: 1 }));
  return unit === undefined || rest === 0 ? drawn : [...drawn, { ruleId: unit.id, qty: rest }];
}

function pointsOf(choices: readonly Choice[]): number {
  return choices.reduce((sum, { points }) => sum + points, 0);
}

/** Deductions down to the target or just below it. */
function drawDeductions(rules: readonly SchemeRule[], target: number, random: SeededRandom): readonly Choice[] {
  const choices = rules.flatMap((rule): Choice[] =>
    'deduct' in rule.formula && rule.cap === undefined
      ? [{ ruleId: rule.id, points: -rule.formula.deduct.points, left: Infinity }]
      : [],
  );
  const drawn: Choice[] = [];
  for (let missing = target; missing < 0; missing = target - pointsOf(drawn)) {
    const fitting = choices.filter(({ points }) => points >= missing);
    drawn.push(drawOne(random, fitting.length > 0 ? fitting : choices));
  }
  return drawn;
}

/** Flat awards up to the target; once units alone can fill the rest, chance decides whether to go on. */
function drawAwards(
  rules: readonly SchemeRule[],
  target: number,
  units: number,
  random: SeededRandom,
): readonly Choice[] {
  const choices = rules.flatMap((rule): Choice[] =>
    'flat' in rule.formula ? [{ ruleId: rule.id, points: rule.formula.flat.points, left: yearlyCap(rule) }] : [],
  );
  const drawn: Choice[] = [];
  for (;;) {
    const missing = target - pointsOf(drawn);
    const fitting = choices.filter(({ points, left }) => points <= missing && points <= left);
    if (fitting.length === 0 || (missing <= units && random() < 0.5)) return drawn;
    const choice = drawOne(random, fitting);
    choice.left -= choice.points;
    drawn.push(choice);
  }
}

function isOnePointRule({ formula }: SchemeRule): boolean {
  return 'per_unit' in formula && formula.per_unit.n === 1 && formula.per_unit.points === 1;
}

/** What a rule may give in a year; a cap over a shorter span is taken as if it were the year's, which never exceeds it. */
function yearlyCap({ cap }: SchemeRule): number {
  return cap?.points ?? Infinity;
}
