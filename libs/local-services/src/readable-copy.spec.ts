import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keepReadableCopy } from './readable-copy.js';

let base: string;
let source: string;
let cache: string;

beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'xinqiao-copy-'));
  source = path.join(base, 'native');
  cache = path.join(base, 'cache');
  await mkdir(path.join(source, 'bin'), { recursive: true, mode: 0o700 });
  await writeFile(path.join(source, 'bin', 'postgres'), 'program', { mode: 0o700 });
  await writeFile(path.join(source, 'library.so.1'), 'library', { mode: 0o600 });
  await symlink('library.so.1', path.join(source, 'library.so'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

describe('a copy of programs for a user who cannot reach the originals', () => {
  it('is readable by everybody, keeps links, and is made once even by many', async () => {
    await Promise.all([1, 2, 3].map(() => keepReadableCopy(source, cache)));
    expect((await stat(path.join(cache, 'bin', 'postgres'))).mode & 0o777).toBe(0o755);
    expect((await stat(path.join(cache, 'library.so.1'))).mode & 0o777).toBe(0o644);
    expect(await readFile(path.join(cache, 'library.so'), 'utf8')).toBe('library');
    expect((await readdir(base)).toSorted()).toEqual(['cache', 'native']);
  });

  it('is made again when a cleaner removed a file', async () => {
    await keepReadableCopy(source, cache);
    await rm(path.join(cache, 'library.so.1'));
    await keepReadableCopy(source, cache);
    expect(await readFile(path.join(cache, 'library.so.1'), 'utf8')).toBe('library');
  });

  it('is never taken from a folder that others can write', async () => {
    await keepReadableCopy(source, cache);
    await chmod(cache, 0o777);
    await expect(keepReadableCopy(source, cache)).rejects.toMatchObject({ code: 'POSTGRES_BINARIES_UNUSABLE' });
  });
});
