import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DataSource } from 'typeorm';
import { type RunningCounty, startCounty } from '#apps/county';
import { generatePrivateJwk } from '#libs/jose-profile/node';
import { startPostgres } from '#libs/local-services';

/** A county of the sample, whose documents are in `config/`. */
const PLACE = '371003';

export interface CountyStand {
  readonly county: RunningCounty;
  readonly database: DataSource;
  /** The county's own place. */
  readonly place: string;
  close(): Promise<void>;
}

/** A county service on a PostgreSQL of its own with every default: fsync and synchronous_commit on. */
export async function openStand(): Promise<CountyStand> {
  const folder = await mkdtemp(path.join(tmpdir(), 'xinqiao-bench-'));
  const postgres = await startPostgres({ dataFolder: path.join(folder, 'postgres') });
  await postgres.ensureDatabase('county');
  const keysFile = path.join(folder, 'keys.json');
  const purposes = ['attest', 'status', 'statement'];
  const signing = purposes.map(async (purpose) => ({ purpose, alg: 'ES256', jwk: await generatePrivateJwk('ES256') }));
  await writeKeys(keysFile, await Promise.all(signing));
  const subjectKeysFile = path.join(folder, 'subject-keys.json');
  await writeKeys(subjectKeysFile, [secret('subject-encrypt', 'A256GCM'), secret('subject-index', 'HS256')]);
  const id = 'https://county.example';
  const county = await startCounty({
    id,
    name: 'bench',
    federationId: 'https://alliance.example',
    federationUrl: 'http://127.0.0.1:9',
    place: PLACE,
    placesFile: 'config/places.json',
    schemesFolder: `config/schemes/${PLACE}`,
    schemasFolder: 'config/schemas',
    keysFile,
    subjectKeysFile,
    statusTtlSeconds: 300,
    statusListUri: `${id}/s/1`,
    host: '127.0.0.1',
    port: 0,
    databaseUrl: postgres.urlFor('county'),
    production: false,
    logLevel: 'silent',
  });
  return {
    county,
    database: county.app.get(DataSource, { strict: false }),
    place: PLACE,
    close: async () => {
      await county.close();
      await postgres.stop();
      await rm(folder, { recursive: true });
    },
  };
}

function writeKeys(file: string, keys: readonly object[]): Promise<void> {
  return writeFile(file, JSON.stringify({ sample: true, keys }), { mode: 0o600 });
}

function secret(purpose: string, alg: string): object {
  return { purpose, alg, jwk: { kty: 'oct', k: randomBytes(32).toString('base64url') } };
}
