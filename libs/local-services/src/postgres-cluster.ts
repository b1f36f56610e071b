import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { LocalServiceError } from './local-service-error.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { isErrno } from './process-identity.js';
import { canEnter, makeEnterableFolder, makePrivateFolder, unprivilegedUser, type RunAs } from './run-as.js';

const run = promisify(execFile);

export const SUPERUSER = 'postgres';
const CLUSTER = 'cluster';
const DRAFT_PREFIX = 'new-cluster-';
const PASSWORD_FILE = 'xinqiao-password';
/** Written beside the other data when the cluster itself had to be put where its user can reach it. */
const LOCATION_FILE = 'cluster-location.json';
/** Root's own folders are closed to everybody else, so a cluster for them lives here. */
const REACHABLE_BASE = '/var/lib/xinqiao';

export interface PostgresCluster {
  /** PostgreSQL's data directory. */
  readonly folder: string;
  readonly runAs: RunAs | undefined;
}

/**
 * Where the cluster of `dataFolder` is or will be, and as whom its server runs. As root that is the owner of an existing
 * cluster, else `nobody`; where that user cannot enter `dataFolder`, the place is /var/lib/xinqiao and is recorded. The
 * folder exists and the caller holds its lock.
 * @throws LocalServiceError `DATA_FOLDER_UNREACHABLE`
 */
export async function locateCluster(dataFolder: string): Promise<PostgresCluster> {
  const user = unprivilegedUser();
  const recorded = await readLocation(dataFolder);
  const folder = recorded ?? path.join(dataFolder, CLUSTER);
  const owner = await stat(folder).catch(() => undefined);
  if (user === undefined) {
    if (owner !== undefined && owner.uid !== process.getuid?.())
      throw unreachable(dataFolder, 'its PostgreSQL cluster belongs to another user; run as that user or as root');
    return { folder, runAs: undefined };
  }
  const runAs = owner === undefined || owner.uid === 0 ? user : { uid: owner.uid, gid: owner.gid };
  if (await canEnter(path.dirname(folder), runAs).catch(() => false)) return { folder, runAs };
  if (recorded !== undefined || owner !== undefined)
    throw unreachable(dataFolder, `its PostgreSQL cluster ${folder} cannot be entered by the user it belongs to`);
  return { folder: await recordReachablePlace(dataFolder, user), runAs: user };
}

/**
 * Makes a new cluster: UTF-8, locale C, one superuser with a generated password. It appears whole, by a rename, so an
 * interrupted first start leaves nothing but a draft, which the next one removes. The caller holds the folder's lock.
 */
export async function createCluster({ folder, runAs }: PostgresCluster, binaries: PostgresBinaries): Promise<void> {
  const home = path.dirname(folder);
  for (const name of await readdir(home))
    if (name.startsWith(DRAFT_PREFIX)) await rm(path.join(home, name), { recursive: true, force: true });
  const draft = path.join(home, `${DRAFT_PREFIX}${process.pid}`);
  const passwordFile = `${draft}.password`;
  const password = randomBytes(24).toString('base64url');
  await makePrivateFolder(draft, runAs);
  await writePrivate(passwordFile, password, runAs);
  const settings = ['--encoding=UTF8', '--locale=C', '--auth=scram-sha-256', '--no-instructions'];
  try {
    await run(
      path.join(binaries.bin, 'initdb'),
      [`--pgdata=${draft}`, `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`, ...settings],
      { ...runAs, cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } },
    );
    await rename(passwordFile, path.join(draft, PASSWORD_FILE));
    await rename(draft, folder);
  } catch (cause) {
    throw new LocalServiceError('POSTGRES_START_FAILED', `initdb could not make a cluster in ${home}.`, { cause });
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * Checks that an existing cluster is whole and of this major version; returns its superuser's password. Deletes nothing.
 * @throws LocalServiceError `DATA_FOLDER_DAMAGED`
 */
export async function checkCluster(dataFolder: string, folder: string, major: string): Promise<string> {
  const read = (name: string): Promise<string | undefined> =>
    readFile(path.join(folder, name), 'utf8').catch(() => undefined);
  const version = (await read('PG_VERSION'))?.trim();
  if (version === undefined) throw damaged(dataFolder, `${folder} has no readable PG_VERSION`);
  if (!/^\d+$/.test(version)) throw damaged(dataFolder, `PG_VERSION in ${folder} is not a version`);
  if (version !== major)
    throw damaged(dataFolder, `${folder} was written by PostgreSQL ${version}, but the programs are ${major}`);
  if (((await read('global/pg_control')) ?? '') === '') throw damaged(dataFolder, `${folder} has no global/pg_control`);
  const password = (await read(PASSWORD_FILE))?.trim() ?? '';
  if (password === '') throw damaged(dataFolder, `${folder} has no ${PASSWORD_FILE}`);
  return password;
}

/** Whether a cluster, whole or not, stands in `folder`. */
export async function clusterExists(folder: string): Promise<boolean> {
  try {
    await stat(folder);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

/** Deletes a stopped cluster and its record, for a deliberate new beginning. Nothing else in `dataFolder` is touched. */
export async function removeCluster(dataFolder: string): Promise<void> {
  const recorded = await readLocation(dataFolder);
  if (recorded !== undefined && path.dirname(path.dirname(recorded)) === REACHABLE_BASE)
    await rm(path.dirname(recorded), { recursive: true, force: true });
  await rm(path.join(dataFolder, LOCATION_FILE), { force: true });
  await rm(path.join(dataFolder, CLUSTER), { recursive: true, force: true });
}

export function damaged(dataFolder: string, what: string): LocalServiceError {
  const advice = 'Nothing was changed: restore the folder from a copy, or move it away to begin anew.';
  return new LocalServiceError('DATA_FOLDER_DAMAGED', `The data folder ${dataFolder} is damaged: ${what}. ${advice}`);
}

function unreachable(dataFolder: string, why: string): LocalServiceError {
  return new LocalServiceError('DATA_FOLDER_UNREACHABLE', `The data folder ${dataFolder} cannot be used: ${why}.`);
}

async function readLocation(dataFolder: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(path.join(dataFolder, LOCATION_FILE), 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
  const folder = /^\{"cluster":"(\/[^"\\]+)"\}\s*$/.exec(text)?.[1];
  if (folder === undefined) throw damaged(dataFolder, `${LOCATION_FILE} does not name a folder`);
  if (!(await clusterExists(path.dirname(folder)))) throw damaged(dataFolder, `its cluster ${folder} is gone`);
  return folder;
}

async function recordReachablePlace(dataFolder: string, user: RunAs): Promise<string> {
  const home = path.join(REACHABLE_BASE, randomBytes(8).toString('hex'));
  try {
    await makeEnterableFolder(REACHABLE_BASE, user);
    await mkdir(home, { mode: 0o711 });
  } catch (cause) {
    throw new LocalServiceError(
      'DATA_FOLDER_UNREACHABLE',
      `PostgreSQL cannot run as root, its unprivileged user cannot enter ${dataFolder}, and ${REACHABLE_BASE} cannot be created. ` +
        'Choose a data folder that everybody may enter, or set DATABASE_URL.',
      { cause },
    );
  }
  const folder = path.join(home, CLUSTER);
  const draft = path.join(dataFolder, `${LOCATION_FILE}.${process.pid}`);
  await writeFile(draft, `${JSON.stringify({ cluster: folder })}\n`, { mode: 0o600 });
  await rename(draft, path.join(dataFolder, LOCATION_FILE));
  return folder;
}

async function writePrivate(file: string, content: string, owner: RunAs | undefined): Promise<void> {
  await writeFile(file, content, { mode: 0o600, flag: 'wx' });
  if (owner !== undefined) await chown(file, owner.uid, owner.gid);
}
