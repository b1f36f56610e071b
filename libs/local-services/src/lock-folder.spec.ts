import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lockFolder } from './lock-folder.js';
import { identifyProcess } from './process-identity.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'xinqiao-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const leaveLock = (content: string): Promise<void> => writeFile(path.join(folder, 'process.lock'), content);

async function deadProcess(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('one process per data folder', () => {
  it('refuses a second claim, names the process, and allows it after release', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'DATA_FOLDER_IN_USE',
      message: expect.stringContaining(`${process.pid}`),
    });
    await lock.release();
    await (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over what kill -9 left, also when the number belongs to another process by now', async () => {
    const stale = [
      JSON.stringify({ pid: await deadProcess(), startedAt: '1' }),
      JSON.stringify({ ...identifyProcess(process.pid), startedAt: '1' }),
      '{"pid":',
    ];
    for (const content of stale) {
      await leaveLock(content);
      const lock = await lockFolder(folder);
      await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'DATA_FOLDER_IN_USE' });
      await lock.release();
    }
  });

  it('lets exactly one of many take over a stale lock', async () => {
    await leaveLock(JSON.stringify({ pid: await deadProcess(), startedAt: '1' }));
    const claims = await Promise.allSettled(Array.from({ length: 10 }, () => lockFolder(folder)));
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('does not give back a lock that is no longer its own', async () => {
    const lock = await lockFolder(folder);
    await leaveLock('{}');
    await lock.release();
    expect(await readdir(folder)).toEqual(['process.lock']);
  });

  it('says that a folder cannot be written', async () => {
    await writeFile(path.join(folder, 'file'), '');
    await expect(lockFolder(path.join(folder, 'file', 'data'))).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNREACHABLE',
    });
  });
});
