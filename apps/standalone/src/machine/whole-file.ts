import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { LocalServiceError } from '#libs/local-services';

/** Writes a file for its owner alone, whole or not at all: a process killed half-way leaves what was there before. */
export async function writeWhole(file: string, content: unknown): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}.draft`;
  await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

/**
 * A JSON file of the data folder, or `undefined` where there is none.
 * @throws LocalServiceError DATA_FOLDER_DAMAGED when it is not JSON; its content is never repeated
 */
export async function readKept(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const kept: unknown = JSON.parse(text);
    return kept;
  } catch {
    throw damaged(file, 'it is not JSON');
  }
}

export function damaged(what: string, why: string): LocalServiceError {
  const advice = 'Nothing was changed: restore it from a copy, or begin anew with --reset.';
  return new LocalServiceError('DATA_FOLDER_DAMAGED', `${what}: ${why}. ${advice}`);
}
