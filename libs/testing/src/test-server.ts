import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { databasesAt, LocalServiceError, startPostgres, type PostgresDatabases } from '#libs/local-services';
import { waitFor } from './wait-for.js';

/** Set by test/global-setup.js: the folder of this test run; test/global-teardown.js removes it and stops what runs there. */
const RUN_FOLDER = 'XINQIAO_TEST_RUN_FOLDER';
const START_DEADLINE_MS = 25_000;

export interface TestServer extends PostgresDatabases {
  /** URL of the maintenance database, for locks that all test processes share. */
  readonly adminUrl: string;
  /** Prefix of every database of this run, so that the end of the run can drop what was left. */
  readonly prefix: string;
}

let server: Promise<TestServer> | undefined;

/**
 * The one PostgreSQL of this test run: the one DATABASE_URL names, else a server that the first process to ask starts and
 * the others find by the file it leaves in the run's folder.
 */
export function testServer(): Promise<TestServer> {
  return (server ??= findServer());
}

async function findServer(): Promise<TestServer> {
  const folder = process.env[RUN_FOLDER];
  if (folder === undefined) throw new Error(`${RUN_FOLDER} is not set: run the tests with \`npm test\``);
  const adminUrl = process.env['DATABASE_URL'] || (await sharedServer(folder));
  return { ...databasesAt(adminUrl), adminUrl, prefix: `${path.basename(folder)}_` };
}

async function sharedServer(folder: string): Promise<string> {
  const announcement = path.join(folder, 'admin-url');
  const announced = (): Promise<string | undefined> => readFile(announcement, 'utf8').catch(() => undefined);
  const found = await announced();
  if (found !== undefined) return found;
  try {
    const bin = process.env['PG_BIN'];
    const postgres = await startPostgres({
      dataFolder: path.join(folder, 'postgres'),
      outlivesProcess: true,
      ...(bin ? { bin } : {}),
    });
    const draft = `${announcement}.${process.pid}`;
    await writeFile(path.join(folder, 'postgres.pid'), String(postgres.pid));
    await writeFile(draft, postgres.urlFor('postgres'), { mode: 0o600 });
    await rename(draft, announcement);
    return postgres.urlFor('postgres');
  } catch (error) {
    if (!(error instanceof LocalServiceError) || error.code !== 'DATA_FOLDER_IN_USE') throw error;
    return waitFor(announced, { deadlineMs: START_DEADLINE_MS });
  }
}
