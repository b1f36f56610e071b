import { writeFile } from 'node:fs/promises';
import type { Anchor } from '#libs/alliance';
import { Closers } from './closers.js';
import { emptyDataFolder, openDataFolder, type DataFolder } from './machine/data-folder.js';
import { openDatabaseServer } from './machine/database-server.js';
import { openMessageBus } from './machine/message-bus.js';
import { AllianceKeyring, delegate, foundAlliance } from './sample-alliance/found-alliance.js';
import { loadSampleDocuments } from './sample-alliance/sample-documents.js';
import { SampleKeys } from './sample-alliance/sample-keys.js';
import { SamplePeople } from './sample-alliance/sample-people.js';
import { databasesOf, originsOf, sampleWorld } from './sample-world.js';
import { loadPopulation, registerAll } from './sample/sample-residents.js';
import { startSampleCounties } from './services/counties.js';
import { startSampleFederation } from './services/federation.js';
import { startSampleGates } from './services/gates.js';
import { Ground } from './services/ground.js';
import type { StandaloneConfig } from './standalone.config.js';
import type { SampleWorld } from './visits/world.js';

export interface Standalone {
  readonly world: SampleWorld;
  /** Addresses and sample accounts, for the operator. */
  readonly summary: string;
  close(): Promise<void>;
}

/**
 * Starts the whole sample alliance in this process: database, bus, federation, counties, residents, documents with their
 * signatures, gates. What was started is stopped again before a failure on the way is thrown.
 */
export async function startStandalone(
  config: StandaloneConfig,
  { reset }: { readonly reset: boolean },
): Promise<Standalone> {
  const closers = new Closers();
  try {
    return await start(config, reset, closers);
  } catch (failure) {
    await closers.close().catch(() => undefined);
    throw failure;
  }
}

async function start(config: StandaloneConfig, reset: boolean, closers: Closers): Promise<Standalone> {
  const documents = await loadSampleDocuments(config.configFolder);
  const population = await loadPopulation(config.configFolder);
  const folder = await openDataFolder(config.dataFolder);
  closers.add(() => folder.release());
  if (reset) await emptyDataFolder(folder);

  const databases = await openDatabaseServer(config, folder);
  closers.add(() => databases.stop());
  if (reset) for (const database of databasesOf(documents)) await databases.dropDatabase(database);
  const bus = await openMessageBus(config);
  closers.add(() => bus.stop());

  const keyring = new AllianceKeyring(new SampleKeys(folder.keys));
  const anchor = await writeAnchor(folder, keyring, documents.alliance.rootKeys);
  const people = await SamplePeople.open(folder.path('accounts.json'));
  const ground = new Ground({ config, documents, folder, databases, bus: bus.options, keyring, people, closers });

  const federation = await startSampleFederation(ground);
  const counties = await startSampleCounties(ground, federation.url);
  const origins = originsOf(counties);
  const { desk } = federation;
  const residents = registerAll(counties, population);
  // Awaited below; until then a failure here must not count as unhandled.
  residents.catch(() => undefined);
  await delegate(federation.api, { documents, keyring, desk });
  const deployed = counties.map(({ id, desk: api }) => ({ id, api }));
  await foundAlliance({ documents, keyring, desk, counties: deployed });
  const sites = await startSampleGates(ground, { federationUrl: federation.url, origins });

  const registered = await residents;
  return {
    world: sampleWorld({
      ground,
      anchor,
      documents,
      keyring,
      federation,
      counties,
      residents: registered,
      sites,
      origins,
    }),
    summary: [
      `database           ${databases.description}`,
      `bus                ${bus.description}`,
      ...ground.addresses,
      '',
      'sample accounts (service, user name, password, roles)',
      ...ground.accounts,
    ].join('\n'),
    close: () => closers.close(),
  };
}

/** What gates pin: the root keys of three organisations, two of which are needed. */
async function writeAnchor(
  folder: DataFolder,
  keyring: AllianceKeyring,
  { threshold, organisations }: { readonly threshold: number; readonly organisations: readonly string[] },
): Promise<Anchor> {
  const keys: Anchor['keys'][number][] = [];
  for (const organisation of organisations)
    keys.push({ jwk: (await keyring.root(organisation)).signer('root').publicJwk, alg: 'ES256', organisation });
  const anchor = { threshold, keys };
  await writeFile(folder.path('anchor.json'), `${JSON.stringify(anchor, null, 2)}\n`);
  return anchor;
}
