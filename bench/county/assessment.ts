import { fork } from 'node:child_process';
import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { duration, medianRound } from '../measure.js';
import { aggregateByHand, assessYear } from './assess-year.js';
import { copyLedger } from './copy-ledger.js';
import { type CountyStand, countyStands } from './county-stand.js';

const SMALL = 10_000;
const MIDDLE = 100_000;
const LARGE = 1_000_000;
const ROUNDS = 3;

export interface AssessmentFigures {
  /** Minutes to load a million residents with twenty entries each. */
  readonly loadMinutes: number;
  /** A yearly assessment, all of it, as time against the aggregate by hand. */
  readonly againstSql: number;
  /** How its time grows from 100,000 to a million residents, against how that of the aggregate grows. */
  readonly growth: number;
  /** Peak memory of a county process that assesses a million residents, against one that assesses 10,000. */
  readonly memory: number;
}

let measured: Promise<AssessmentFigures> | undefined;

/** All figures are of one run over the same ledgers; measured when the first is asked for. */
export function assessmentFigures(): Promise<AssessmentFigures> {
  return (measured ??= measure());
}

async function measure(): Promise<AssessmentFigures> {
  const stands = await countyStands();
  try {
    const small = await stands.open('small');
    await copyLedger(small, SMALL);
    await small.close();
    const middle = await stands.open('middle');
    await copyLedger(middle, MIDDLE);
    const atMiddle = await times(middle);
    await middle.close();
    const large = await stands.open('large');
    const loadMinutes = (await duration(() => copyLedger(large, LARGE))) / 60_000;
    const atLarge = await times(large);
    await large.close();
    const memory = (await peakMemory(large)) / (await peakMemory(small));
    const againstSql = atLarge.assessment / atLarge.byHand;
    const growth = againstSql / (atMiddle.assessment / atMiddle.byHand);
    return { loadMinutes, againstSql, growth, memory };
  } finally {
    await stands.close();
  }
}

/** Medians of several rounds, in turns. */
async function times(stand: CountyStand): Promise<Readonly<Record<'assessment' | 'byHand', number>>> {
  const [made, aggregated] = [await assessYear(stand.county), await aggregateByHand(stand.database)];
  if (!isDeepStrictEqual(made, aggregated)) throw new Error('the assessment and the aggregate by hand differ');
  return medianRound(
    async () => ({
      assessment: await duration(() => assessYear(stand.county)),
      byHand: await duration(() => aggregateByHand(stand.database)),
    }),
    ROUNDS,
  );
}

/** Bytes at the most that a county process of its own takes to assess everybody once. */
async function peakMemory({ config }: CountyStand): Promise<number> {
  const child = fork(new URL('./assess-process.js', import.meta.url), [JSON.stringify(config)]);
  const exited = once(child, 'exit');
  const [bytes] = (await Promise.race([once(child, 'message'), exited])) as [unknown];
  await exited;
  if (typeof bytes !== 'number' || child.exitCode !== 0) throw new Error('the process that assesses failed');
  return bytes;
}
