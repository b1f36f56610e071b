import { readFile, readlink, rm } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { LocalServiceError } from './local-service-error.js';
import { pollUntil } from './poll-until.js';
import { SUPERUSER } from './postgres-cluster.js';
import { identifyProcess, isProcessRunning, type ProcessIdentity } from './process-identity.js';

const ANSWER_DEADLINE_MS = 20_000;
const FAST_SHUTDOWN_DEADLINE_MS = 20_000;
const IMMEDIATE_SHUTDOWN_DEADLINE_MS = 5_000;

/** A server that runs on a cluster, as its lock file tells. */
export interface RunningPostgres {
  readonly process: ProcessIdentity;
  readonly port: number;
  readonly isReady: boolean;
}

/** What postmaster.pid of a cluster says, if the process it names is alive and is a PostgreSQL on that very folder. */
export async function findRunningPostgres(folder: string): Promise<RunningPostgres | undefined> {
  const content = await readFile(path.join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = content.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (content === '' || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const identity = identifyProcess(pid);
  if (!isProcessRunning(identity) || !(await worksIn(pid, folder))) return undefined;
  return { process: identity, port: Number(lines[3] ?? 0), isReady: lines[7] === 'ready' };
}

/** PostgreSQL's working directory is its cluster. Where the system does not tell, the lock file is believed. */
async function worksIn(pid: number, folder: string): Promise<boolean> {
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return cwd === undefined || path.resolve(cwd) === path.resolve(folder);
}

/**
 * Waits until the server of a cluster is ready and lets the superuser in, which proves that it is this cluster.
 * Resolves to undefined when it exits instead, or does not answer in time.
 */
export async function waitUntilAnswering(
  folder: string,
  password: string,
  hasExited: () => boolean = () => false,
): Promise<RunningPostgres | undefined> {
  const outcome = await pollUntil(
    async (): Promise<RunningPostgres | 'gone' | undefined> => {
      const running = await findRunningPostgres(folder);
      if (running === undefined) return hasExited() ? 'gone' : undefined;
      return running.isReady && (await answers(running.port, password)) ? running : undefined;
    },
    { deadlineMs: ANSWER_DEADLINE_MS },
  );
  return outcome === 'gone' ? undefined : outcome;
}

export function adminUrl(port: number, password: string): string {
  return `postgres://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
}

async function answers(port: number, password: string): Promise<boolean> {
  const client = new Client({ connectionString: adminUrl(port, password), connectionTimeoutMillis: 3_000 });
  // The server may end the session while it is being closed; that is no news here.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Fast shutdown (sessions are ended, data is written), and an immediate one if that hangs; resolves once the process is gone.
 * @throws LocalServiceError `POSTGRES_STOP_FAILED`
 */
export async function stopPostgres(server: ProcessIdentity): Promise<void> {
  const steps = [
    ['SIGINT', FAST_SHUTDOWN_DEADLINE_MS],
    ['SIGQUIT', IMMEDIATE_SHUTDOWN_DEADLINE_MS],
  ] as const;
  for (const [signal, deadlineMs] of steps) {
    if (!isProcessRunning(server)) return;
    process.kill(server.pid, signal);
    if (await pollUntil(() => (isProcessRunning(server) ? undefined : true), { deadlineMs })) return;
  }
  throw new LocalServiceError('POSTGRES_STOP_FAILED', `PostgreSQL (process ${server.pid}) does not stop.`);
}

/**
 * After a reboot the number in postmaster.pid may belong to a stranger, and PostgreSQL then refuses to start: only in that
 * case the file is removed. A dead number is left to PostgreSQL, which also looks for surviving sessions of that server.
 */
export async function removeStrangersLock(folder: string): Promise<void> {
  const file = path.join(folder, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  if (isProcessRunning(identifyProcess(pid)) && (await findRunningPostgres(folder)) === undefined)
    await rm(file, { force: true });
}
