import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { findFreePort } from './free-port.js';
import { pollUntil } from './poll-until.js';
import { removeCluster } from './postgres-cluster.js';
import { identifyProcess, isProcessRunning } from './process-identity.js';
import { startPostgres, type LocalPostgres } from './start-postgres.js';

const isRoot = process.getuid?.() === 0;
let base: string;
let started: LocalPostgres[] = [];

beforeAll(async () => {
  base = await mkdtemp(path.join(isRoot ? '/tmp' : os.tmpdir(), 'xinqiao-postgres-spec-'));
  await chmod(base, 0o711);
});
afterEach(async () => {
  await Promise.all(started.map((postgres) => postgres.stop()));
  started = [];
});
afterAll(() => rm(base, { recursive: true, force: true }));

async function start(
  folder: string,
  options: { readonly port?: number; readonly outlivesProcess?: boolean } = {},
): Promise<LocalPostgres> {
  const postgres = await startPostgres({ dataFolder: folder, ...options });
  started.push(postgres);
  return postgres;
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>({ text: sql });
    return rows[0]?.['answer'];
  } finally {
    await client.end();
  }
}

/** What is left when the parent was killed: a running server and a lock whose holder is dead. */
async function forgetParent(folder: string): Promise<void> {
  await writeFile(path.join(folder, 'process.lock'), '{"pid":2147483646,"startedAt":"1"}');
}

const inBase = (name: string) => (): string => path.join(base, name);

describe('PostgreSQL of our own', () => {
  const folder = inBase('main');

  it('asks for a password, keeps UTF-8 in locale C, flushes to disk, and opens no Unix socket', async () => {
    const postgres = await start(folder());
    const url = postgres.urlFor('postgres');
    const setting = (name: string): Promise<unknown> => ask(url, `SELECT current_setting('${name}') AS answer`);
    expect(
      await Promise.all(
        ['server_encoding', 'lc_messages', 'fsync', 'listen_addresses', 'unix_socket_directories'].map(setting),
      ),
    ).toEqual(['UTF8', 'C', 'on', '127.0.0.1', '']);
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(ask(wrong.href, 'SELECT 1 AS answer')).rejects.toMatchObject({ code: '28P01' });
  });

  it('creates, clones and drops databases, and keeps them over a restart', async () => {
    const first = await start(folder());
    await Promise.all([first.ensureDatabase('County "x"'), first.ensureDatabase('County "x"')]);
    await ask(first.urlFor('County "x"'), 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.createFrom('County "x"', 'clone');
    await first.stop();
    expect(isProcessRunning(identifyProcess(first.pid))).toBe(false);

    const second = await start(folder());
    expect(await ask(second.urlFor('clone'), 'SELECT answer FROM kept')).toBe(42);
    await second.dropDatabase('clone');
    await second.dropDatabase('clone');
    await expect(ask(second.urlFor('clone'), 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });

  it('refuses a second start on the same folder while the first lives', async () => {
    await start(folder());
    await expect(startPostgres({ dataFolder: folder() })).rejects.toMatchObject({ code: 'DATA_FOLDER_IN_USE' });
  });

  it('reuses the server that kill -9 of the parent left running, and stops it in the end', async () => {
    const left = await start(folder(), { outlivesProcess: true });
    await forgetParent(folder());
    const taken = await start(folder());
    expect([taken.pid, taken.port]).toEqual([left.pid, left.port]);
    await taken.stop();
    expect(isProcessRunning(identifyProcess(left.pid))).toBe(false);
  });

  it('moves a server that was left on another port', async () => {
    const left = await start(folder(), { outlivesProcess: true });
    await forgetParent(folder());
    const port = await findFreePort();
    const moved = await start(folder(), { port });
    expect(moved.port).toBe(port);
    expect(moved.pid).not.toBe(left.pid);
  });

  it('starts again after kill -9 of the server itself', async () => {
    const killed = await start(folder());
    await killed.ensureDatabase('survivor');
    process.kill(killed.pid, 'SIGKILL');
    const identity = identifyProcess(killed.pid);
    await pollUntil(() => (isProcessRunning(identity) ? undefined : true), { deadlineMs: 5_000 });
    await forgetParent(folder());
    const again = await start(folder());
    expect(await ask(again.urlFor('survivor'), 'SELECT 1 AS answer')).toBe(1);
  });

  it('is not misled by a lock file whose number belongs to a stranger', async () => {
    const first = await start(folder());
    const lockFile = path.join(folder(), 'cluster', 'postmaster.pid');
    const content = await readFile(lockFile, 'utf8');
    await first.stop();
    await writeFile(lockFile, content.replace(/^\d+/, `${process.ppid}`));
    expect((await start(folder())).pid).not.toBe(process.ppid);
  });

  it('says that a wanted port is taken', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const address = squatter.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    try {
      await expect(startPostgres({ dataFolder: folder(), port })).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    } finally {
      squatter.close();
    }
  });
});

describe('a damaged data folder is named and left alone', () => {
  const folder = inBase('damaged');
  const inCluster = (...parts: readonly string[]): string => path.join(folder(), 'cluster', ...parts);

  beforeAll(async () => {
    await (await startPostgres({ dataFolder: folder() })).stop();
  });

  /** What a start says, and whether it left every file in place. */
  async function tryStart(): Promise<{ readonly error: unknown; readonly isUntouched: boolean }> {
    const before = await readdir(inCluster());
    const error: unknown = await startPostgres({ dataFolder: folder() }).catch((reason: unknown) => reason);
    const after = await readdir(inCluster());
    return { error, isUntouched: before.every((name) => after.includes(name)) };
  }
  const expected = (): object => ({
    isUntouched: true,
    error: { code: 'DATA_FOLDER_DAMAGED', message: expect.stringContaining(folder()) },
  });

  it.each(['PG_VERSION', 'global/pg_control', 'xinqiao-password'])('without %s', async (name) => {
    await rename(inCluster(name), inCluster(`${name}.away`));
    expect(await tryStart()).toMatchObject(expected());
    await rename(inCluster(`${name}.away`), inCluster(name));
  });

  it('written by another major version', async () => {
    const version = await readFile(inCluster('PG_VERSION'), 'utf8');
    await writeFile(inCluster('PG_VERSION'), '9\n');
    expect(await tryStart()).toMatchObject(expected());
    await writeFile(inCluster('PG_VERSION'), version);
  });

  it('with a control file that PostgreSQL itself refuses', async () => {
    await truncate(inCluster('global', 'pg_control'), 100);
    expect(await tryStart()).toMatchObject(expected());
  });
});

describe('where the cluster lives', () => {
  it('begins an interrupted first start again', async () => {
    const folder = path.join(base, 'interrupted');
    await mkdir(path.join(folder, 'new-cluster-1', 'base'), { recursive: true });
    await start(folder);
    expect((await readdir(folder)).toSorted()).toEqual(['cluster', 'postgres.log', 'process.lock']);
  });
});

const describeAsRoot = isRoot ? describe : describe.skip;

describeAsRoot('as root', () => {
  it('keeps the cluster of a closed data folder where its user can enter, finds it again, removes it on demand', async () => {
    const closed = path.join(base, 'closed');
    await mkdir(closed, { mode: 0o700 });
    const folder = path.join(closed, 'data');
    const first = await start(folder);
    await first.ensureDatabase('kept');
    await first.stop();
    const second = await start(folder);
    expect(await ask(second.urlFor('kept'), 'SELECT 1 AS answer')).toBe(1);
    await second.stop();

    const { cluster } = JSON.parse(await readFile(path.join(folder, 'cluster-location.json'), 'utf8')) as {
      readonly cluster: string;
    };
    expect((await stat(cluster)).uid).not.toBe(0);
    await removeCluster(folder);
    await expect(stat(path.dirname(cluster))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await readdir(folder)).not.toContain('cluster-location.json');
  });
});
