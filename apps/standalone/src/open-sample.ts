import { openMachine } from './machine/machine.js';
import { readStandaloneConfig } from './standalone.config.js';
import { startAlliance } from './standalone.js';
import type { SampleWorld } from './visits/world.js';

export interface OpenSample {
  readonly world: SampleWorld;
  close(): Promise<void>;
}

/**
 * The sample alliance on free ports and on databases of a server that is there, without its visits: for whoever plays others.
 * What was started is stopped again before a failure on the way is thrown.
 */
export async function openSample(dataFolder: string, databaseUrl: string): Promise<OpenSample> {
  const environment = { XINQIAO_DATA: dataFolder, XINQIAO_PORT: '0', DATABASE_URL: databaseUrl };
  const config = readStandaloneConfig(environment);
  const machine = await openMachine(config, false);
  try {
    const { world } = await startAlliance(config, machine, false);
    return { world, close: () => machine.closers.close() };
  } catch (failure) {
    await machine.closers.close().catch(() => undefined);
    throw failure;
  }
}
