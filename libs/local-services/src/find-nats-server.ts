import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { LocalServiceError } from './local-service-error.js';

/** Where `npm run nats:fetch` puts the program, relative to the working directory. */
const FETCHED = path.join('.cache', 'nats', 'nats-server');

/**
 * A `nats-server` on this machine: the one NATS_SERVER_BIN names, else the first on PATH, else the one fetched by
 * `npm run nats:fetch`; undefined when there is none.
 * @throws LocalServiceError `NATS_BINARY_MISSING` when NATS_SERVER_BIN names something that cannot be run
 */
export async function findNatsServer(env: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
  const named = env['NATS_SERVER_BIN'];
  if (named !== undefined && named !== '') {
    if (await isExecutable(named)) return path.resolve(named);
    throw new LocalServiceError('NATS_BINARY_MISSING', `NATS_SERVER_BIN names ${named}, which cannot be run.`);
  }
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  for (const candidate of [...folders.map((folder) => path.join(folder, 'nats-server')), path.resolve(FETCHED)])
    if (await isExecutable(candidate)) return candidate;
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
