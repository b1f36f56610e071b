import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lockFolder, LocalServiceError, removeCluster } from '#libs/local-services';

const MARKER = 'xinqiao-data.json';
const FORMAT = { format: 'xinqiao-data', version: 1 };

export interface DataFolder {
  readonly keys: string;
  readonly postgres: string;
  path(name: string): string;
  holds(name: string): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * Takes the data folder for this process alone.
 * @throws LocalServiceError DATA_FOLDER_IN_USE; DATA_FOLDER_DAMAGED when the folder holds something else than
 *   our data: nothing in it is touched
 */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  await mkdir(folder, { recursive: true });
  const entries = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  if (entries.includes(MARKER)) await checkMarker(path.join(folder, MARKER));
  else if (entries.some((name) => !isOurs(name))) refuse(folder, `it holds files that are not ours and no ${MARKER}`);
  const lock = await lockFolder(folder);
  await writeFile(path.join(folder, MARKER), `${JSON.stringify(FORMAT)}\n`);
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
  await mkdir(folder.keys, { recursive: true, mode: 0o700 });
}

/** What a start that was killed before it wrote the marker may have left. */
function isOurs(name: string): boolean {
  return ['keys', 'postgres', 'accounts.json', 'lock', 'lock.json'].includes(name);
}

async function checkMarker(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (text.trim() !== JSON.stringify(FORMAT)) refuse(path.dirname(file), `its ${MARKER} is not of this version`);
}

function refuse(folder: string, why: string): never {
  throw new LocalServiceError(
    'DATA_FOLDER_DAMAGED',
    `The data folder ${folder} is damaged: ${why}. Nothing was changed.`,
  );
}
