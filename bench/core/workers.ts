import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { median } from '../measure.js';
import type { WorkerTask } from './verify-worker.js';

const ROUNDS = 5;
const ROUND_MS = 400;

/** How much two threads together gain over one in whole verdicts, divided by what they gain in bare verifications. */
export async function verifyWorkers(): Promise<number> {
  const workers = [openWorker(), openWorker()] as const;
  try {
    for (const worker of workers) for (const task of ['verdict', 'bare'] as const) await rateOf(worker, task);
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      ratios.push((await gain(workers, 'verdict')) / (await gain(workers, 'bare')));
    return median(ratios);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

async function gain(workers: readonly [Worker, Worker], task: WorkerTask['task']): Promise<number> {
  const alone = await rateOf(workers[0], task);
  const [one, other] = await Promise.all([rateOf(workers[0], task), rateOf(workers[1], task)]);
  return (one + other) / alone;
}

function openWorker(): Worker {
  return new Worker(new URL('./verify-worker.js', import.meta.url));
}

async function rateOf(worker: Worker, task: WorkerTask['task']): Promise<number> {
  const answered = once(worker, 'message');
  worker.postMessage({ task, durationMs: ROUND_MS } satisfies WorkerTask);
  const [answer] = (await answered) as [number];
  return answer;
}
