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
const SLICE_MS = 20;
/** Thousands of operations: what is measured is the code as a process runs it that has been up for a while. */
const WARM_UP_MS = 3_000;

/**
 * The median over five rounds of rate(a) / rate(b). Within a round the two take turns in short slices and the median slice of
 * each counts, so that whatever else the machine does meanwhile falls on both alike or on neither.
 */
export async function rateRatio(a: () => unknown, b: () => unknown): Promise<number> {
  for (const work of [a, b]) await rate(work, WARM_UP_MS);
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const [ratesOfA, ratesOfB]: [number[], number[]] = [[], []];
    for (let spent = 0; spent < ROUND_MS; spent += SLICE_MS) {
      ratesOfA.push(await rate(a, SLICE_MS));
      ratesOfB.push(await rate(b, SLICE_MS));
    }
    ratios.push(median(ratesOfA) / median(ratesOfB));
  }
  return median(ratios);
}

/** Milliseconds that one run of `work` takes. */
export async function duration(work: () => unknown): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

/** The medians over several rounds of what each round measured, after one that only warms up. */
export async function medianRound<Name extends string>(
  round: () => Promise<Readonly<Record<Name, number>>>,
  rounds = ROUNDS,
): Promise<Readonly<Record<Name, number>>> {
  await round();
  const measured: Readonly<Record<Name, number>>[] = [];
  while (measured.length < rounds) measured.push(await round());
  const [first] = measured;
  const names = Object.keys(first ?? {}) as Name[];
  return Object.fromEntries(names.map((name) => [name, median(measured.map((each) => each[name]))])) as Record<
    Name,
    number
  >;
}

/** Operations of `work` per second, over about this long. */
export async function rate(work: () => unknown, durationMs: number): Promise<number> {
  const begin = performance.now();
  let operations = 0;
  let elapsed = 0;
  while (elapsed < durationMs) {
    for (let batch = 0; batch < 4; batch += 1) await work();
    operations += 4;
    elapsed = performance.now() - begin;
  }
  return (operations * 1000) / elapsed;
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
