import { readFileSync } from 'node:fs';

/**
 * A process that can be told apart from a later one with the same number: `startedAt` is the kernel's start time
 * (clock ticks since boot), or null where there is no /proc.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string | null;
}

type ProcessState = { readonly isZombie: boolean; readonly startedAt: string };

function readState(pid: number): ProcessState | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The command name stands in parentheses and may itself hold spaces and parentheses: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startedAt = fields[19];
  return startedAt === undefined ? undefined : { isZombie: fields[0] === 'Z', startedAt };
}

/** The identity of a process that runs now; `startedAt` is null when the system does not tell. */
export function identifyProcess(pid: number): ProcessIdentity {
  return { pid, startedAt: readState(pid)?.startedAt ?? null };
}

/** Whether that very process still runs. A zombie does not: in a container without an init nobody ever reaps it. */
export function isProcessRunning({ pid, startedAt }: ProcessIdentity): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!isErrno(error, 'EPERM')) return false;
  }
  const state = readState(pid);
  if (state === undefined) return true;
  return !state.isZombie && (startedAt === null || startedAt === state.startedAt);
}

/** Whether an unknown thrown value is the system error with this code (`ENOENT`, `EEXIST`, …). */
export function isErrno(error: unknown, code: string): boolean {
  // Not `instanceof Error`: a test runner's sandbox has an Error of its own.
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
