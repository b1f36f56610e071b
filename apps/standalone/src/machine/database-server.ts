import { databasesAt, startPostgres } from '#libs/local-services';
import { GatewayError } from '#libs/platform/boot';
import type { StandaloneConfig } from '../standalone.config.js';
import type { DataFolder } from './data-folder.js';

/** A PostgreSQL server with a database per service: the one of `DATABASE_URL`, else one of our own in the data folder. */
export interface DatabaseServer {
  /** What it is, for the operator; holds no password. */
  readonly description: string;
  urlFor(database: string): string;
  ensureDatabase(database: string): Promise<void>;
  dropDatabase(database: string): Promise<void>;
  stop(): Promise<void>;
}

export async function openDatabaseServer(config: StandaloneConfig, folder: DataFolder): Promise<DatabaseServer> {
  if (config.databaseUrl !== undefined) {
    const databases = databasesAt(config.databaseUrl);
    const { host } = new URL(config.databaseUrl);
    const reach = (name: string, work: Promise<void>): Promise<void> =>
      work.catch((cause: unknown) => {
        throw new GatewayError('DATABASE_UNREACHABLE', { detail: `${host}, database ${name}`, cause });
      });
    return {
      description: 'PostgreSQL of DATABASE_URL',
      urlFor: (name) => databases.urlFor(name),
      ensureDatabase: (name) => reach(name, databases.ensureDatabase(name)),
      dropDatabase: (name) => reach(name, databases.dropDatabase(name)),
      stop: () => Promise.resolve(),
    };
  }
  const postgres = await startPostgres({
    dataFolder: folder.postgres,
    ...(config.postgresBin === undefined ? {} : { bin: config.postgresBin }),
  });
  return {
    description: `PostgreSQL on 127.0.0.1:${postgres.port}, data in ${folder.postgres}`,
    urlFor: (name) => postgres.urlFor(name),
    ensureDatabase: (name) => postgres.ensureDatabase(name),
    dropDatabase: (name) => postgres.dropDatabase(name),
    stop: () => postgres.stop(),
  };
}
