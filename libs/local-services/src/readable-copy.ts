import { chmod, cp, lstat, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { LocalServiceError } from './local-service-error.js';
import { isErrno } from './process-identity.js';

/**
 * Keeps a copy of the program folder `source` at `cache`, readable by every user and writable by this one alone, and returns
 * its path. It appears whole, by a rename; a copy that lost files is made again.
 * @throws LocalServiceError `POSTGRES_BINARIES_UNUSABLE` when somebody else owns `cache`
 */
export async function keepReadableCopy(source: string, cache: string): Promise<string> {
  if (await isOwnFolder(cache)) {
    if (await isSameTree(source, cache)) return cache;
    const old = await mkdtemp(`${cache}.old-`);
    await rename(cache, path.join(old, 'native')).catch(() => undefined);
    await rm(old, { recursive: true, force: true });
  }
  const draft = await mkdtemp(`${cache}.new-`);
  await cp(source, path.join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
  await makeReadable(path.join(draft, 'native'));
  try {
    await rename(path.join(draft, 'native'), cache);
  } catch (error) {
    // Another start made the same copy first: use that one.
    if (!isErrno(error, 'ENOTEMPTY') && !isErrno(error, 'EEXIST')) throw error;
    await isOwnFolder(cache);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return cache;
}

/**
 * False when there is nothing; true when the folder is ours alone.
 * @throws LocalServiceError `POSTGRES_BINARIES_UNUSABLE` when somebody else could have put programs there
 */
async function isOwnFolder(folder: string): Promise<boolean> {
  let found;
  try {
    found = await lstat(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0) return true;
  throw new LocalServiceError(
    'POSTGRES_BINARIES_UNUSABLE',
    `${folder} belongs to somebody else, so programs are not run from it. Remove it, or set PG_BIN or DATABASE_URL.`,
  );
}

/** Cleaners of temporary folders remove single old files: a copy counts only when names and sizes are all there. */
async function isSameTree(source: string, copy: string): Promise<boolean> {
  for (const entry of await readdir(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const copied = await stat(path.join(copy, path.relative(source, file))).catch(() => undefined);
    if (copied?.size !== (await stat(file)).size) return false;
  }
  return true;
}

async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(file, 0o755);
    else if (entry.isFile()) await chmod(file, path.basename(entry.parentPath) === 'bin' ? 0o755 : 0o644);
  }
}
