import { describe, expect, it } from '@jest/globals';
import { waitFor } from '#libs/testing';
import { Repeater } from './repeater.js';

const HOUR_MS = 3_600_000;

describe('repeating a task', () => {
  it('runs it at once and again, through failures, until stopped', async () => {
    let runs = 0;
    const faults: unknown[] = [];
    const repeater = new Repeater(
      async () => {
        runs += 1;
        if (runs === 2) throw new Error('once');
      },
      1,
      (error) => faults.push(error),
    );
    repeater.start();
    await waitFor(() => runs > 3);
    await repeater.stop();
    const stoppedAt = runs;
    repeater.wake();
    await waitFor(() => true);
    expect(runs).toBe(stoppedAt);
    expect(faults).toEqual([new Error('once')]);
  });

  it('never runs twice at once, and a call in between means one more run', async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const releases: (() => void)[] = [];
    const repeater = new Repeater(
      async () => {
        running += 1;
        runs += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => releases.push(resolve));
        running -= 1;
      },
      HOUR_MS,
      () => undefined,
    );
    repeater.start();
    repeater.wake();
    repeater.wake();
    releases.pop()?.();
    await waitFor(() => runs === 2);
    const stopping = repeater.stop();
    releases.pop()?.();
    await stopping;
    expect([runs, most]).toEqual([2, 1]);
  });
});
