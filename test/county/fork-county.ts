import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { CountyConfig } from '#apps/county';

/** What `county-process.ts` becomes when `npm test` builds: a process of its own loads no TypeScript. */
const MAIN = path.resolve('dist/test/county/county-process.js');

export interface ForkedCounty {
  readonly url: string;
  /** As the process itself says it. */
  readonly pid: number;
  /** Lets the process end by itself. @throws Error where it does so with a failure */
  close(): Promise<void>;
}

/** Starts a county as an operating-system process whose clock stands at `instant` (Unix seconds). */
export async function forkCounty(config: CountyConfig, instant: number): Promise<ForkedCounty> {
  // Nothing of how the test runner was started: a county runs on plain Node.
  const child = fork(MAIN, [JSON.stringify([config, instant])], { execArgv: [] });
  const exited = once(child, 'exit');
  const [said] = (await Promise.race([once(child, 'message'), exited])) as [unknown];
  if (typeof said !== 'object' || said === null) throw new Error('the county process did not start');
  return {
    ...(said as { readonly url: string; readonly pid: number }),
    close: async () => {
      child.disconnect();
      await exited;
      if (child.exitCode !== 0) throw new Error(`the county process ended with ${String(child.exitCode)}`);
    },
  };
}
