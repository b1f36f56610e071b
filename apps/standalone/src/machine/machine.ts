import { LocalServiceError, startPostgres } from '#libs/local-services';
import { Closers } from '../closers.js';
import type { StandaloneConfig } from '../standalone.config.js';
import { emptyDataFolder, openDataFolder, type DataFolder } from './data-folder.js';
import { openDatabaseServer, type DatabaseServer } from './database-server.js';
import { openMessageBus, type MessageBus } from './message-bus.js';

/** What the services stand on: the data folder, a PostgreSQL server and a bus, all ours until `closers` give them back. */
export interface Machine {
  readonly folder: DataFolder;
  readonly databases: DatabaseServer;
  readonly bus: MessageBus;
  readonly closers: Closers;
}

/**
 * Opens the data folder and starts PostgreSQL and the bus. Loads no service, so that PostgreSQL starts on one core while the
 * other loads them.
 * @param reset forget the data of the folder first
 */
export async function openMachine(config: StandaloneConfig, reset: boolean): Promise<Machine> {
  const closers = new Closers();
  try {
    const folder = await openDataFolder(config.dataFolder);
    closers.add(() => folder.release());
    if (reset) await forget(config, folder);
    const databases = await openDatabaseServer(config, folder);
    closers.add(() => databases.stop());
    const bus = await openMessageBus(config);
    closers.add(() => bus.stop());
    return { folder, databases, bus, closers };
  } catch (failure) {
    await closers.close().catch(() => undefined);
    throw failure;
  }
}

/** A server that a killed start left running is stopped first; a damaged cluster is what `--reset` is for. */
async function forget(config: StandaloneConfig, folder: DataFolder): Promise<void> {
  if (config.databaseUrl === undefined && (await folder.holds('postgres'))) {
    try {
      const left = await startPostgres({ dataFolder: folder.postgres });
      await left.stop();
    } catch (failure) {
      if (!(failure instanceof LocalServiceError) || failure.code === 'DATA_FOLDER_IN_USE') throw failure;
    }
  }
  await emptyDataFolder(folder);
}
