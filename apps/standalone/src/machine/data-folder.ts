import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { lockFolder, LocalServiceError, removeCluster } from '#libs/local-services';
import { writeWhole } from './whole-file.js';

const MARKER = 'xinqiao-data.json';
const FORMAT = { format: 'xinqiao-data', version: 1 };
/** What we put there; beside it, locks and drafts. */
const OURS = ['keys', 'postgres', 'accounts.json', 'anchor.json', MARKER];

export interface DataFolder {
  readonly keys: string;
  readonly postgres: string;
  path(name: string): string;
  holds(name: string): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * Takes the data folder for this process alone.
 * @throws LocalServiceError DATA_FOLDER_IN_USE; DATA_FOLDER_UNREACHABLE; DATA_FOLDER_DAMAGED when the folder holds something
 *   that is not ours: nothing in it is touched
 */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => unreachable(folder, cause));
  const entries = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  const isMarked = entries.includes(MARKER);
  if (isMarked) await checkMarker(path.join(folder, MARKER));
  else if (entries.some((name) => !isOurs(name))) refuse(folder, `it holds files that are not ours and no ${MARKER}`);
  const lock = await lockFolder(folder);
  if (!isMarked) await writeWhole(path.join(folder, MARKER), FORMAT);
  const keys = path.join(folder, 'keys');
  await mkdir(keys, { recursive: true, mode: 0o700 });
  return {
    keys,
    postgres: path.join(folder, 'postgres'),
    path: (name) => path.join(folder, name),
    holds: async (name) => (await readdir(folder)).includes(name),
    release: () => lock.release(),
  };
}

/** Forgets the data of a folder this process holds; of anything that is not ours it forgets nothing. */
export async function emptyDataFolder(folder: DataFolder): Promise<void> {
  await removeCluster(folder.postgres);
  await rm(folder.keys, { recursive: true, force: true });
  await rm(folder.path('accounts.json'), { force: true });
  await rm(folder.path('anchor.json'), { force: true });
  await mkdir(folder.keys, { recursive: true, mode: 0o700 });
}

/** What a start that was killed before it wrote the marker may have left. */
function isOurs(name: string): boolean {
  return OURS.includes(name) || name.startsWith('process.lock') || name.endsWith('.draft');
}

async function checkMarker(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (text.replaceAll(/\s/g, '') !== JSON.stringify(FORMAT))
    refuse(path.dirname(file), `its ${MARKER} is not of this version`);
}

function unreachable(folder: string, cause: unknown): never {
  throw new LocalServiceError('DATA_FOLDER_UNREACHABLE', `The data folder ${folder} cannot be made or entered.`, {
    cause,
  });
}

function refuse(folder: string, why: string): never {
  throw new LocalServiceError(
    'DATA_FOLDER_DAMAGED',
    `The data folder ${folder} is damaged: ${why}. Nothing was changed.`,
  );
}
