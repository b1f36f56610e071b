import { isDeepStrictEqual } from 'node:util';
import type { Anchor } from '#libs/alliance';
import type { Closable } from '#libs/platform';
import type { CommandLine } from './command-line.js';
import type { DataFolder } from './machine/data-folder.js';
import type { Machine } from './machine/machine.js';
import { damaged, readKept, writeWhole } from './machine/whole-file.js';
import { AllianceKeyring, delegate, enterMembers, foundAlliance } from './sample-alliance/found-alliance.js';
import { loadSampleDocuments, type SampleDocuments } from './sample-alliance/sample-documents.js';
import { SampleKeys } from './sample-alliance/sample-keys.js';
import { SamplePeople } from './sample-alliance/sample-people.js';
import { databasesOf, originsOf, sampleWorld } from './sample-world.js';
import type { PopulationConfig } from './sample/population.js';
import { loadPopulation, residentsOf } from './sample/sample-residents.js';
import { startSampleCounties } from './deployment/counties.js';
import { startSampleFederation } from './deployment/federation.js';
import { startSampleGates } from './deployment/gates.js';
import { Ground } from './deployment/ground.js';
import type { StandaloneConfig } from './standalone.config.js';
import { playVisits } from './visits/play-visits.js';
import { visitsJson, visitsSummary, visitsTable } from './visits/print-visits.js';
import { isAsExpected } from './visits/visit.js';
import { untilTrusted, type SampleWorld } from './visits/world.js';

export interface Sample {
  readonly documents: SampleDocuments;
  readonly population: PopulationConfig;
}

/** @throws GatewayError CONFIG_DOCUMENT_INVALID naming the file and the path of every fault in it */
export async function loadSample({ configFolder }: StandaloneConfig): Promise<Sample> {
  return { documents: await loadSampleDocuments(configFolder), population: await loadPopulation(configFolder) };
}

/**
 * Starts the sample alliance, plays its visits and prints what became of them; then serves on, or with `once` ends the
 * process. What was started is stopped again before a failure on the way is thrown.
 */
export async function runStandalone(
  config: StandaloneConfig,
  machine: Machine,
  options: CommandLine,
): Promise<Closable> {
  const { closers } = machine;
  try {
    const { world, summary } = await startAlliance(config, machine, options.reset);
    print(`${summary}\n`);
    const played = await playVisits(world);
    print(`${visitsTable(played)}\n\n${visitsSummary(played)}`);
    if (options.json) print(visitsJson(played));
    if (!options.once) {
      print('\nserving; stop with Ctrl-C');
      return closers;
    }
    await closers.close();
    process.exit(played.every(isAsExpected) ? 0 : 1);
  } catch (failure) {
    await closers.close().catch(() => undefined);
    throw failure;
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

interface RunningAlliance {
  readonly world: SampleWorld;
  /** Addresses and sample accounts, for the operator. */
  readonly summary: string;
}

/** The whole alliance, founded and trusted by its gates; `machine.closers` stop it. */
export async function startAlliance(
  config: StandaloneConfig,
  machine: Machine,
  reset: boolean,
): Promise<RunningAlliance> {
  const { folder, databases, bus } = machine;
  const { documents, population } = await loadSample(config);
  const names = databasesOf(documents);
  if (reset) for (const name of names) await databases.dropDatabase(name);
  const made = new Map(names.map((name) => [name, databases.ensureDatabase(name)]));
  // Each is awaited by the service it is for; until then a failure must not count as unhandled.
  for (const database of made.values()) database.catch(() => undefined);
  const keyring = new AllianceKeyring(new SampleKeys(folder.keys));
  const anchor = await keepAnchor(folder, keyring, documents.alliance.rootKeys);
  const people = await SamplePeople.open(folder.path('accounts.json'));
  const ground = new Ground({ ...machine, config, documents, bus: bus.options, keyring, people, made });

  const federation = await startSampleFederation(ground);
  const { desk } = federation;
  const enter = async (): Promise<void> => {
    await delegate(federation.api, anchor, { documents, keyring, desk });
    await enterMembers({ documents, keyring, desk });
  };
  const [counties] = await Promise.all([startSampleCounties(ground, federation), enter()]);
  const origins = originsOf(counties);
  const gates = startSampleGates(ground, { federationUrl: federation.url, origins });
  // Awaited below; a failure of the founding before that must not be drowned by one here.
  gates.catch(() => undefined);
  const residents = residentsOf(counties, population);
  // The first visits are theirs; a failure is told to whoever asks for them.
  residents(documents.agreements[0]?.counties[0] ?? '').catch(() => undefined);
  await foundAlliance({ documents, keyring, desk, counties });
  const sites = await gates;
  await Promise.all(
    [...new Set([...sites.values()].map(({ manager }) => manager))].map((manager) => untilTrusted(manager)),
  );
  return {
    world: sampleWorld({ ground, anchor, documents, keyring, federation, counties, residents, sites, origins }),
    summary: [
      `database           ${databases.description}`,
      `bus                ${bus.description}`,
      ...ground.addresses.toSorted(),
      '',
      'sample accounts (service, user name, password, roles)',
      ...ground.accounts.toSorted(),
    ].join('\n'),
  };
}

/**
 * What gates pin: the root keys of three organisations, two of which are needed.
 * @throws LocalServiceError DATA_FOLDER_DAMAGED when another anchor is kept: what is in the databases stands on other keys
 */
async function keepAnchor(
  folder: DataFolder,
  keyring: AllianceKeyring,
  { threshold, organisations }: { readonly threshold: number; readonly organisations: readonly string[] },
): Promise<Anchor> {
  const keys: Anchor['keys'][number][] = [];
  for (const organisation of organisations)
    keys.push({ jwk: (await keyring.root(organisation)).signer('root').publicJwk, alg: 'ES256', organisation });
  const anchor = { threshold, keys };
  const file = folder.path('anchor.json');
  const kept = await readKept(file);
  if (kept === undefined) await writeWhole(file, anchor);
  else if (!isDeepStrictEqual(kept, anchor)) throw damaged(file, 'the root keys in keys/ are not those it pins');
  return { version: 1, ...anchor };
}
