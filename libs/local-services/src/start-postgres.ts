import { spawn } from 'node:child_process';
import { open, readFile, stat, truncate } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from './free-port.js';
import { LocalServiceError } from './local-service-error.js';
import { lockFolder } from './lock-folder.js';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.js';
import {
  checkCluster,
  clusterExists,
  createCluster,
  damaged,
  locateCluster,
  type PostgresCluster,
} from './postgres-cluster.js';
import { databasesAt, type PostgresDatabases } from './postgres-databases.js';
import { makeEnterableFolder, unprivilegedUser } from './run-as.js';
import {
  adminUrl,
  findRunningPostgres,
  removeStrangersLock,
  stopPostgres,
  waitUntilAnswering,
  type RunningPostgres,
} from './running-postgres.js';

const PORT_ATTEMPTS = 5;
/** Sessions of a killed server notice its end within moments. */
const LEFTOVER_ATTEMPTS = 50;
const LEFTOVER_PAUSE_MS = 100;
const LOG_LIMIT_BYTES = 5_000_000;

export interface PostgresOptions {
  /** A folder for PostgreSQL alone; created when missing. */
  readonly dataFolder: string;
  /** Port on 127.0.0.1; 0 or absent: any free one. */
  readonly port?: number;
  /** Default: `postgres.log` in the data folder. */
  readonly logFile?: string;
  /** Folder with `initdb` and `postgres`; default: the programs that npm installed. */
  readonly bin?: string;
  /** Leave the server running when this process ends; somebody else stops it. Default: it is told to stop on exit. */
  readonly outlivesProcess?: boolean;
}

export interface LocalPostgres extends PostgresDatabases {
  readonly pid: number;
  readonly port: number;
  /** Stops the server and gives the data folder back. Open sessions are ended. */
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL of our own on 127.0.0.1 (no Unix socket, password login, fsync on). A server that `kill -9` of an
 * earlier parent left running on the same folder is reused; a first start that was interrupted is begun again.
 * @throws LocalServiceError `DATA_FOLDER_IN_USE`, `DATA_FOLDER_DAMAGED`, `DATA_FOLDER_UNREACHABLE`, `PORT_IN_USE`,
 *   `POSTGRES_BINARIES_MISSING`, `POSTGRES_BINARIES_UNUSABLE`, `POSTGRES_START_FAILED`
 */
export async function startPostgres(options: PostgresOptions): Promise<LocalPostgres> {
  const dataFolder = path.resolve(options.dataFolder);
  await makeEnterableFolder(dataFolder, unprivilegedUser());
  const lock = await lockFolder(dataFolder);
  try {
    const cluster = await locateCluster(dataFolder);
    const binaries = await findPostgresBinaries(options.bin, cluster.runAs);
    if (!(await clusterExists(cluster.folder))) await createCluster(cluster, binaries);
    const password = await checkCluster(dataFolder, cluster.folder, binaries.major);
    const running =
      (await reuse(cluster.folder, password, options.port ?? 0)) ??
      (await startFresh({ ...options, dataFolder }, cluster, binaries, password));
    return control(running, password, options.outlivesProcess ?? false, () => lock.release());
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** A server left behind is taken over if it answers on a suitable port; otherwise it is stopped. Never two on one folder. */
async function reuse(folder: string, password: string, port: number): Promise<RunningPostgres | undefined> {
  const left = await findRunningPostgres(folder);
  if (left === undefined) return undefined;
  const answering = await waitUntilAnswering(folder, password, () => true);
  if (answering !== undefined && (port === 0 || port === answering.port)) return answering;
  await stopPostgres(left.process);
  return undefined;
}

async function startFresh(
  options: PostgresOptions,
  cluster: PostgresCluster,
  binaries: PostgresBinaries,
  password: string,
): Promise<RunningPostgres> {
  const wanted = options.port ?? 0;
  const logFile = options.logFile ?? path.join(options.dataFolder, 'postgres.log');
  await truncateLongLog(logFile);
  for (let attempt = 1; ; attempt++) {
    await removeStrangersLock(cluster.folder);
    const port = wanted === 0 ? await findFreePort() : wanted;
    const started = await launch(cluster, binaries, port, logFile, password);
    if (typeof started === 'object') return started;
    if (started.includes('pre-existing shared memory block') && attempt < LEFTOVER_ATTEMPTS) {
      await delay(LEFTOVER_PAUSE_MS);
      continue;
    }
    const portIsTaken = started.includes('could not bind');
    if (portIsTaken && wanted === 0 && attempt < PORT_ATTEMPTS) continue;
    if (portIsTaken) throw new LocalServiceError('PORT_IN_USE', `Port ${port} on 127.0.0.1 is in use.`);
    const fault = /(?:FATAL|PANIC): {2}(.*)/.exec(started)?.[1];
    if (fault !== undefined && LOOKS_DAMAGED.test(fault))
      throw damaged(options.dataFolder, `PostgreSQL says "${fault}"`);
    throw new LocalServiceError('POSTGRES_START_FAILED', `PostgreSQL did not start; see ${logFile}.`);
  }
}

const LOOKS_DAMAGED =
  /corrupt|invalid|incorrect|not a valid|bogus|incompatible|could not (?:open|read|find|locate|access|stat|load)/i;

/** Resolves to the running server, or to what it wrote to its log before it gave up. */
async function launch(
  { folder, runAs }: PostgresCluster,
  { bin }: PostgresBinaries,
  port: number,
  logFile: string,
  password: string,
): Promise<RunningPostgres | string> {
  const log = await open(logFile, 'a', 0o600);
  // Started once by root on somebody's own folder, it must not lock that user out of the log.
  if (runAs !== undefined) await log.chown(runAs.uid, runAs.gid);
  const logStart = (await log.stat()).size;
  let hasExited = false;
  try {
    // A session of its own: Ctrl-C in a terminal must reach the services first, and the database only through stop().
    const child = spawn(path.join(bin, 'postgres'), ['-D', folder, ...settings(port)], {
      ...runAs,
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
    });
    child.once('exit', () => (hasExited = true));
    child.once('error', () => (hasExited = true));
    child.unref();
    const running = await waitUntilAnswering(folder, password, () => hasExited);
    if (running !== undefined && running.process.pid === child.pid) return running;
    if (!hasExited) child.kill('SIGQUIT');
    return (await readFile(logFile)).subarray(logStart).toString('utf8');
  } finally {
    await log.close();
  }
}

function settings(port: number): readonly string[] {
  const values = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    shared_buffers: '64MB',
    max_connections: 100,
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Failed statements and key values may name people: they stay out of the log.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function control(
  { process: server, port }: RunningPostgres,
  password: string,
  outlivesProcess: boolean,
  release: () => Promise<void>,
): LocalPostgres {
  const stopOnExit = (): void => {
    try {
      process.kill(server.pid, 'SIGINT');
    } catch {
      // It is gone already.
    }
  };
  if (!outlivesProcess) process.once('exit', stopOnExit);
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await stopPostgres(server);
    process.off('exit', stopOnExit);
    await release();
  };
  return { ...databasesAt(adminUrl(port, password)), pid: server.pid, port, stop: () => (stopped ??= stop()) };
}

async function truncateLongLog(file: string): Promise<void> {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) await truncate(file);
}
