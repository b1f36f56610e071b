import { ERRORS, isErrorCode } from './error-codes.js';
import { textOf } from './error-facts.js';

/** What `runMain` needs of the process; `process` itself fits. */
export interface MainProcess {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): void;
  readonly stderr: { write(text: string): unknown };
}

export interface Closable {
  close(): Promise<void>;
}

/** A close that hangs must not keep a service manager waiting for ever. */
const CLOSE_DEADLINE_MS = 10_000;

/**
 * Runs a service as a process: boots it, closes it once on SIGINT or SIGTERM and exits with 0, or with 1 when closing
 * failed or took longer than ten seconds. A repeated signal changes nothing (npm and the terminal both send one); a
 * signal during boot closes as soon as the boot is done. A boot that fails with a code of our table prints
 * `CODE: message` on stderr, any other failure its stack, and the process exits with 1.
 */
export async function runMain(name: string, boot: () => Promise<Closable>, host: MainProcess = process): Promise<void> {
  const signalled = new Promise<void>((resolve) => {
    host.on('SIGINT', resolve);
    host.on('SIGTERM', resolve);
  });
  try {
    const service = await boot();
    void signalled.then(() => closeAndExit(name, service, host));
  } catch (error) {
    host.stderr.write(`${describeFailure(name, error)}\n`);
    host.exit(1);
  }
}

async function closeAndExit(name: string, service: Closable, host: MainProcess): Promise<void> {
  const deadline = setTimeout(() => {
    host.stderr.write(`INTERNAL: ${name} did not close in time\n`);
    host.exit(1);
  }, CLOSE_DEADLINE_MS);
  try {
    await service.close();
    host.exit(0);
  } catch (error) {
    host.stderr.write(`${describeFailure(name, error)}\n`);
    host.exit(1);
  } finally {
    clearTimeout(deadline);
  }
}

/** Libraries without this kit throw errors of their own that carry a code of the same table. */
function describeFailure(name: string, error: unknown): string {
  const code = textOf(error, 'code');
  if (isErrorCode(code)) {
    const message = textOf(error, 'message');
    return `${code}: ${message === undefined || message === code ? ERRORS[code].title : message}`;
  }
  return `INTERNAL: ${name} failed: ${textOf(error, 'stack') ?? String(error)}`;
}
