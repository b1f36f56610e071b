/** One line of a bench: a ratio measured inside one run, and what it should be. */
export interface Measure {
  readonly name: string;
  readonly ratio: number;
  readonly target: number;
  readonly better: 'higher' | 'lower';
}

/** How one line is measured. */
export interface Bench extends Omit<Measure, 'ratio'> {
  ratio(): Promise<number>;
}

const ROUNDS = 5;
const ROUND_MS = 400;

/** Operations per second of `work` over about 0.4 s, after a warm-up of a tenth of that. */
export async function rate(work: () => unknown): Promise<number> {
  await repeat(work, ROUND_MS / 10);
  return repeat(work, ROUND_MS);
}

/** The median over five rounds of rate(a) / rate(b), both measured in turn within each round. */
export async function rateRatio(a: () => unknown, b: () => unknown): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) ratios.push((await rate(a)) / (await rate(b)));
  return median(ratios);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** One entry after the other, from the beginning again at the end. */
export function inTurn<Entry>(entries: readonly Entry[]): () => Entry {
  let at = 0;
  return () => entries[at++ % entries.length]!;
}

async function repeat(work: () => unknown, durationMs: number): Promise<number> {
  const begin = performance.now();
  let operations = 0;
  let elapsed = 0;
  while (elapsed < durationMs) {
    for (let batch = 0; batch < 8; batch += 1) await work();
    operations += 8;
    elapsed = performance.now() - begin;
  }
  return (operations * 1000) / elapsed;
}
