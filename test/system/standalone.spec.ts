import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StandaloneProcess, temporaryFolder, type Finished } from './standalone-process.js';

const RUN_MS = 120_000;
const VISITS = 21;

interface PlayedVisit {
  readonly visit: string;
  readonly expected: string;
  readonly actual: string;
  readonly effect: string;
  readonly repeat: boolean;
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let data: string;
const started: StandaloneProcess[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
  data = path.join(folder.path, 'data');
});

afterEach(async () => {
  for (const one of started.splice(0)) await one.stop('SIGTERM');
  await folder.remove();
});

function start(args: readonly string[], env: Record<string, string> = {}): StandaloneProcess {
  const one = StandaloneProcess.start(data, args, env);
  started.push(one);
  return one;
}

/** How it ended, and what it complained of: told together, so that a failure says why. */
const endOf = ({ code, stderr }: Finished): Omit<Finished, 'stdout'> => ({ code, stderr });

function visitsIn(stdout: string): readonly PlayedVisit[] {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as PlayedVisit[];
}

/** A copy of `config/` in which one document is changed. */
async function changedConfig(file: string, change: (document: Record<string, unknown>) => void): Promise<string> {
  const config = path.join(folder.path, 'config');
  await cp('config', config, { recursive: true });
  const target = path.join(config, file);
  const document = JSON.parse(await readFile(target, 'utf8')) as Record<string, unknown>;
  change(document);
  await writeFile(target, JSON.stringify(document));
  return config;
}

describe('npm start: the sample visits', () => {
  it(
    'all turn out as expected, twice on the same data, with a bus found on the machine and without one',
    async () => {
      const first = await start(['--once', '--json']).finished();
      expect(endOf(first)).toEqual({ code: 0, stderr: '' });
      expect(visitsIn(first.stdout)).toHaveLength(VISITS);
      for (const { expected, actual } of visitsIn(first.stdout)) expect(actual).toBe(expected);
      expect(visitsIn(first.stdout).find(({ visit }) => visit === 'V13')).toMatchObject({
        actual: 'granted',
        repeat: true,
      });

      const withoutBus = await start(['--once', '--json'], {
        PATH: folder.path,
        NATS_URL: '',
        NATS_SERVER_BIN: '',
      }).finished();
      expect(endOf(withoutBus)).toEqual({ code: 0, stderr: '' });
      expect(withoutBus.stdout).toContain('no nats-server found');
    },
    2 * RUN_MS,
  );

  it(
    'end with exit code 1 and name the visits that differ when a table maps AA lower',
    async () => {
      const config = await changedConfig('alliance/tables/rongcheng.json', (table) => {
        table['map'] = { AAA: 'AAA', AA: 'A', A: 'A' };
      });
      const { code, stdout } = await start(['--once', '--json'], { XINQIAO_CONFIG: config }).finished();
      expect(code).toBe(1);
      expect(stdout).toMatch(/visits differ: .*V01/);
      expect(visitsIn(stdout).find(({ visit }) => visit === 'V01')).toMatchObject({
        expected: 'granted',
        actual: 'no_proof',
      });
      expect(visitsIn(stdout).find(({ visit }) => visit === 'V02')).toMatchObject({ actual: 'granted' });
    },
    RUN_MS,
  );
});

describe('npm start: a process that is killed', () => {
  it(
    'starts again on the same data without any cleaning up, and begins anew with --reset',
    async () => {
      const killed = start([]);
      const before = accountsIn(await killed.printed('serving; stop with Ctrl-C'));
      await killed.stop('SIGKILL');

      const again = start([]);
      expect(accountsIn(await again.printed('serving; stop with Ctrl-C'))).toEqual(before);
      expect((await again.stop('SIGTERM')).code).toBe(0);

      const anew = start(['--reset', '--once']);
      const { code, stdout } = await anew.finished();
      expect(code).toBe(0);
      expect(accountsIn(stdout)).not.toEqual(before);
    },
    3 * RUN_MS,
  );
});

describe('npm start: bad input ends with one coded line and loses nothing', () => {
  async function refusal(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
    const { code, stderr } = await start(args, env).finished();
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    return stderr;
  }

  it('an unknown option', async () => {
    expect(await refusal(['--onec'])).toMatch(/^CONFIG_INVALID: .*--onec/);
  });

  it('a setting that cannot be', async () => {
    expect(await refusal([], { XINQIAO_PORT: 'seven' })).toMatch(/^CONFIG_INVALID: .*XINQIAO_PORT/);
    expect(await refusal([], { NODE_ENV: 'production' })).toMatch(/^CONFIG_INVALID: .*NODE_ENV/);
  });

  it('a document that fails its schema: the file and the path are named', async () => {
    const config = await changedConfig('alliance/offers/rugao-free-aa.json', (offer) => {
      offer['band'] = 'B';
    });
    expect(await refusal(['--once'], { XINQIAO_CONFIG: config })).toMatch(
      /^CONFIG_DOCUMENT_INVALID: .*rugao-free-aa\.json.*\/band/,
    );
  });

  it('a data folder that holds something else', async () => {
    await mkdir(data);
    await writeFile(path.join(data, 'thesis.txt'), 'not ours');
    expect(await refusal(['--once'])).toMatch(/^DATA_FOLDER_DAMAGED: /);
    expect(await refusal(['--once', '--reset'])).toMatch(/^DATA_FOLDER_DAMAGED: /);
    expect(await readFile(path.join(data, 'thesis.txt'), 'utf8')).toBe('not ours');
  });

  it('a path that is a file, a lock left by a killed start, accounts cut off in mid-write', async () => {
    await writeFile(data, '');
    expect(await refusal(['--once'])).toMatch(/^DATA_FOLDER_UNREACHABLE: /);
    data = path.join(folder.path, 'second-data');
    await mkdir(data);
    await writeFile(path.join(data, 'process.lock.0.draft'), '');
    await writeFile(path.join(data, 'accounts.json'), '{"federation/off');
    expect(await refusal(['--once'])).toMatch(/^DATA_FOLDER_DAMAGED: .*accounts\.json/);
  });

  it('a DATABASE_URL nobody answers at', async () => {
    const stderr = await refusal(['--once'], { DATABASE_URL: 'postgres://a:secret@127.0.0.1:1/x' });
    expect(stderr).toMatch(/^DATABASE_UNREACHABLE: .*127\.0\.0\.1:1/);
    expect(stderr).not.toContain('secret');
  });

  it(
    'a second start on the same folder, and a port in use',
    async () => {
      const running = start([]);
      await running.printed('sample accounts');
      expect(await refusal(['--once'])).toMatch(/^DATA_FOLDER_IN_USE: /);

      const taken = createServer();
      taken.listen(0, '127.0.0.1');
      await once(taken, 'listening');
      const address = taken.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      data = path.join(folder.path, 'other-data');
      expect(await refusal(['--once'], { XINQIAO_PORT: String(port) })).toMatch(/^PORT_IN_USE: /);
      taken.close();
      await running.printed('serving; stop with Ctrl-C');
    },
    2 * RUN_MS,
  );
});

function accountsIn(stdout: string): string {
  return stdout.slice(stdout.indexOf('sample accounts'), stdout.indexOf('visit  '));
}
