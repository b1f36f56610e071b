import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { transformFile } from '@swc/core';
import { findNatsServer } from './find-nats-server.js';
import { pollUntil } from './poll-until.js';
import { identifyProcess, isProcessRunning } from './process-identity.js';
import { startNats } from './start-nats.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'xinqiao-nats-spec-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function program(name: string, script: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, script);
  await chmod(file, 0o755);
  return file;
}

describe('finding a nats-server', () => {
  it('prefers the one that is named, then PATH, and refuses a name that cannot be run', async () => {
    const onPath = await program('nats-server', '#!/bin/sh\n');
    const named = await program('named', '#!/bin/sh\n');
    expect(await findNatsServer({ NATS_SERVER_BIN: named, PATH: folder })).toBe(named);
    expect(await findNatsServer({ NATS_SERVER_BIN: '', PATH: `relative:${folder}` })).toBe(onPath);
    await expect(findNatsServer({ NATS_SERVER_BIN: path.join(folder, 'none') })).rejects.toMatchObject({
      code: 'NATS_BINARY_MISSING',
    });
  });
});

describe('a program that is no NATS server', () => {
  it('is told as such', async () => {
    const binary = await program('broken', '#!/bin/sh\nexit 1\n');
    await expect(startNats({ binary })).rejects.toMatchObject({ code: 'NATS_START_FAILED' });
  });
});

const binary = await findNatsServer(process.env);

const isSkipped = binary === undefined && process.env['CI'] !== 'true';
if (isSkipped) process.stderr.write('Skipped without a nats-server (npm run nats:fetch): NATS of our own\n');

(isSkipped ? describe.skip : describe)('NATS of our own', () => {
  it('lets in only who has the token, and stops', async () => {
    const nats = await startNats({ binary: binary ?? '' });
    const { host, username } = new URL(nats.url);
    const client = await connect({ servers: host, token: username });
    await client.flush();
    await client.close();
    await expect(connect({ servers: host, token: 'wrong' })).rejects.toMatchObject({ name: 'AuthorizationError' });
    await nats.stop();
    expect(isProcessRunning(identifyProcess(nats.pid))).toBe(false);
  });

  it('says that a wanted port is taken', async () => {
    const first = await startNats({ binary: binary ?? '' });
    await expect(startNats({ binary: binary ?? '', port: first.port })).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    await first.stop();
  });

  it('ends when its parent is killed', async () => {
    // The same shell and pipe, held by a process that can be killed.
    const source = `
      const { startNats } = await import(process.argv[1]);
      const nats = await startNats({ binary: process.argv[2] });
      console.log(nats.pid);
      setInterval(() => undefined, 1000);`;
    const compiled = await compile();
    const parent = spawn(process.execPath, ['--input-type=module', '-e', source, compiled, binary ?? ''], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const received: readonly unknown[] = await once(parent.stdout, 'data');
    const server = identifyProcess(Number(String(received[0]).trim()));
    expect(isProcessRunning(server)).toBe(true);
    parent.kill('SIGKILL');
    expect(await pollUntil(() => (isProcessRunning(server) ? undefined : 'gone'), { deadlineMs: 10_000 })).toBe('gone');
  });
});

/** The library as plain JavaScript, for a process outside the test runner. */
async function compile(): Promise<string> {
  const out = path.join(folder, 'compiled');
  await mkdir(out);
  await writeFile(path.join(out, 'package.json'), '{"type":"module"}');
  for (const name of ['start-nats', 'poll-until', 'local-service-error', 'process-identity']) {
    const jsc = { parser: { syntax: 'typescript' }, target: 'es2022' } as const;
    const { code } = await transformFile(path.join(import.meta.dirname, `${name}.ts`), { swcrc: false, jsc });
    await writeFile(path.join(out, `${name}.js`), code);
  }
  return path.join(out, 'start-nats.js');
}
