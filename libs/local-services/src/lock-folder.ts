import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalServiceError } from './local-service-error.js';
import { identifyProcess, isErrno, isProcessRunning, type ProcessIdentity } from './process-identity.js';

const LOCK_FILE = 'process.lock';
const ATTEMPTS = 100;
const PAUSE_MS = 10;

export interface FolderLock {
  /** Gives the folder back; does nothing when the lock is no longer ours. */
  release(): Promise<void>;
}

/**
 * Claims a data folder for this process until `release()` or its death: a lock left by `kill -9` is recognised by
 * process number and start time and taken over. The folder is created when missing.
 * @throws LocalServiceError `DATA_FOLDER_IN_USE`, naming the process, while another one (or this one) holds it;
 *   `DATA_FOLDER_UNREACHABLE` when the folder cannot be written
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  try {
    await mkdir(folder, { recursive: true });
    return await claim(folder);
  } catch (cause) {
    if (!UNWRITABLE.some((code) => isErrno(cause, code))) throw cause;
    throw new LocalServiceError('DATA_FOLDER_UNREACHABLE', `The data folder ${folder} cannot be written.`, { cause });
  }
}

const UNWRITABLE = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'];

async function claim(folder: string): Promise<FolderLock> {
  const file = path.join(folder, LOCK_FILE);
  const token = randomUUID();
  const content = JSON.stringify({ ...identifyProcess(process.pid), token });

  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await createWhole(file, content)) return { release: () => releaseOwn(file, content) };
    const found = await readIfPresent(file);
    if (found === undefined) continue;
    const holder = parseHolder(found);
    if (holder !== undefined && isProcessRunning(holder)) throw inUse(folder, `process ${holder.pid}`);
    await discardStale(file, found, content);
  }
  throw inUse(folder, 'another process that is starting');
}

/** A hard link appears with its content or not at all, so nobody ever reads half a lock. */
async function createWhole(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, content, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Only one process at a time may remove a stale lock, and only the one it has read: never a fresh lock made in between. */
async function discardStale(file: string, stale: string, own: string): Promise<void> {
  const guard = `${file}.takeover`;
  if (await createWhole(guard, own)) {
    try {
      if ((await readIfPresent(file)) === stale) await rm(file, { force: true });
    } finally {
      await rm(guard, { force: true });
    }
    return;
  }
  const other = parseHolder((await readIfPresent(guard)) ?? '');
  if (other !== undefined && !isProcessRunning(other)) await rm(guard, { force: true });
  await delay(PAUSE_MS);
}

async function releaseOwn(file: string, content: string): Promise<void> {
  if ((await readIfPresent(file)) === content) await rm(file, { force: true });
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function parseHolder(content: string): ProcessIdentity | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number')
    return undefined;
  const startedAt = 'startedAt' in value && typeof value.startedAt === 'string' ? value.startedAt : null;
  return { pid: value.pid, startedAt };
}

function inUse(folder: string, holder: string): LocalServiceError {
  return new LocalServiceError('DATA_FOLDER_IN_USE', `The data folder ${folder} is in use by ${holder}.`);
}
