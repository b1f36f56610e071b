import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DataSource } from 'typeorm';
import { type CountyConfig, type RunningCounty, startCounty } from '#apps/county';
import { generatePrivateJwk } from '#libs/jose-profile/node';
import { startPostgres } from '#libs/local-services';

/** A county of the sample, whose documents are in `config/`. */
const PLACE = '371003';

export interface CountyStand {
  readonly county: RunningCounty;
  readonly config: CountyConfig;
  readonly database: DataSource;
  /** The county's own place. */
  readonly place: string;
  close(): Promise<void>;
}

export interface CountyStands {
  /** A county service on a database of its own, empty. */
  open(database: string): Promise<CountyStand>;
  close(): Promise<void>;
}

/** County services on a PostgreSQL of their own with every default: fsync and synchronous_commit on. */
export async function countyStands(): Promise<CountyStands> {
  const folder = await mkdtemp(path.join(tmpdir(), 'xinqiao-bench-'));
  // Started by root, PostgreSQL runs as another user, who must be able to enter; then all of it goes with the folder.
  await chmod(folder, 0o711);
  const postgres = await startPostgres({ dataFolder: path.join(folder, 'postgres') });
  const keysFile = path.join(folder, 'keys.json');
  const purposes = ['attest', 'status', 'statement'];
  const signing = purposes.map(async (purpose) => ({ purpose, alg: 'ES256', jwk: await generatePrivateJwk('ES256') }));
  await writeKeys(keysFile, await Promise.all(signing));
  const subjectKeysFile = path.join(folder, 'subject-keys.json');
  await writeKeys(subjectKeysFile, [secret('subject-encrypt', 'A256GCM'), secret('subject-index', 'HS256')]);
  return {
    open: async (database) => {
      await postgres.ensureDatabase(database);
      return openStand(configOf({ databaseUrl: postgres.urlFor(database), keysFile, subjectKeysFile }));
    },
    close: async () => {
      await postgres.stop();
      await rm(folder, { recursive: true });
    },
  };
}

export async function openStand(config: CountyConfig): Promise<CountyStand> {
  const county = await startCounty(config);
  const database = county.app.get(DataSource, { strict: false });
  return { county, config, database, place: PLACE, close: () => county.close() };
}

function configOf(own: Pick<CountyConfig, 'databaseUrl' | 'keysFile' | 'subjectKeysFile'>): CountyConfig {
  const id = 'https://county.example';
  return {
    id,
    name: 'bench',
    federationId: 'https://alliance.example',
    federationUrl: 'http://127.0.0.1:9',
    place: PLACE,
    placesFile: 'config/places.json',
    schemesFolder: `config/schemes/${PLACE}`,
    schemasFolder: 'config/schemas',
    statusTtlSeconds: 300,
    statusListUri: `${id}/s/1`,
    host: '127.0.0.1',
    port: 0,
    production: false,
    logLevel: 'silent',
    ...own,
  };
}

function writeKeys(file: string, keys: readonly object[]): Promise<void> {
  return writeFile(file, JSON.stringify({ sample: true, keys }), { mode: 0o600 });
}

function secret(purpose: string, alg: string): object {
  return { purpose, alg, jwk: { kty: 'oct', k: randomBytes(32).toString('base64url') } };
}
