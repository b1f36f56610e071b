import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { connect, Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { LocalServiceError } from './local-service-error.js';
import { pollUntil } from './poll-until.js';
import { identifyProcess, isProcessRunning } from './process-identity.js';

const START_DEADLINE_MS = 10_000;

export interface NatsOptions {
  readonly binary: string;
  /** Port on 127.0.0.1; 0 or absent: any free one. */
  readonly port?: number;
  /** Access token; default: a generated one. Give it to start again what clients are to find again. */
  readonly token?: string;
}

export interface LocalNats {
  /** `nats://<token>@127.0.0.1:<port>`: a secret, never log it. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * The server is the child of a small shell that waits on a pipe from us: however this process ends, `kill -9` included,
 * the pipe closes, the shell stops the server and removes its folder. Nothing is ever left to find and clean up.
 */
const KEEPER = `"$1" -c "$2/nats.conf" >"$2/nats.log" 2>&1 & echo $!; cat >/dev/null; kill $! 2>/dev/null; wait $!; rm -rf "$2"`;

/**
 * A NATS server of our own on 127.0.0.1, without storage, open only to whoever has the token; resolves once it answers.
 * @throws LocalServiceError `NATS_START_FAILED`, or `PORT_IN_USE` for a given port
 */
export async function startNats({
  binary,
  port = 0,
  token = randomBytes(18).toString('hex'),
}: NatsOptions): Promise<LocalNats> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'xinqiao-nats-'));
  const configuration = {
    listen: `127.0.0.1:${port === 0 ? -1 : port}`,
    ports_file_dir: folder,
    authorization: { token },
    max_payload: 1_048_576,
  };
  // The configuration format is a superset of JSON; the token in a private file is on no command line.
  await writeFile(path.join(folder, 'nats.conf'), JSON.stringify(configuration), { mode: 0o600 });

  const keeper = spawn('/bin/sh', ['-c', KEEPER, 'sh', binary, folder], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  const exited = once(keeper, 'exit');
  keeper.unref();
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    keeper.ref();
    keeper.stdin.end();
    return (stopped ??= exited.then(() => undefined));
  };
  try {
    const server = identifyProcess(Number((await firstText(keeper.stdout)).trim()));
    const listening = await pollUntil(() => (isProcessRunning(server) ? readPort(folder) : 0), {
      deadlineMs: START_DEADLINE_MS,
    });
    if (listening === undefined || listening === 0 || !(await greets(listening)))
      throw await describeFailure(folder, binary, port);
    // Neither end of the pipes may keep this process alive.
    for (const stream of [keeper.stdin, keeper.stdout]) if (stream instanceof Socket) stream.unref();
    return { url: `nats://${token}@127.0.0.1:${listening}`, port: listening, pid: server.pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The server writes `<program>_<pid>.ports` once it listens: `{"nats": ["nats://127.0.0.1:41873"], …}`. */
async function readPort(folder: string): Promise<number | undefined> {
  const file = (await readdir(folder)).find((name) => name.endsWith('.ports'));
  if (file === undefined) return undefined;
  const port = /"nats":\s*\[\s*"nats:\/\/127\.0\.0\.1:(\d+)"/.exec(
    await readFile(path.join(folder, file), 'utf8'),
  )?.[1];
  return port === undefined ? undefined : Number(port);
}

async function greets(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    return (await firstText(socket)).startsWith('INFO ');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** The first bytes that arrive within three seconds, as text. */
async function firstText(stream: Readable): Promise<string> {
  const received: readonly unknown[] = await once(stream, 'data', { signal: AbortSignal.timeout(3_000) });
  return String(received[0]);
}

async function describeFailure(folder: string, binary: string, port: number): Promise<LocalServiceError> {
  const log = await readFile(path.join(folder, 'nats.log'), 'utf8').catch(() => '');
  if (log.includes('address already in use'))
    return new LocalServiceError('PORT_IN_USE', `Port ${port} on 127.0.0.1 is in use.`);
  return new LocalServiceError('NATS_START_FAILED', `${binary} did not start as a NATS server.`);
}
