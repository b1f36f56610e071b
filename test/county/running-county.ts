import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CountyConfig, startCounty } from '#apps/county';
import { generatePrivateJwk, nodeSigner } from '#libs/jose-profile/node';
import type { PublicJwk } from '#libs/jose-profile';
import { grantsOf, StaffAccounts } from '#libs/staff';
import { fixedClock, type FixedClock, testDatabase } from '#libs/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Ask, askAt } from './ask.js';
import { forkCounty } from './fork-county.js';

/** A Wednesday at noon, Asia/Shanghai: 2026-09-16. */
export const START = Date.parse('2026-09-16T12:00:00+08:00') / 1000;
export const COUNTY_ID = 'https://wendeng.example';
const PASSWORD = 'a long password for tests';
/** Sessions live eight hours, and signing in is rate-limited. */
const SESSION_SECONDS = 4 * 3_600;
const COUNTY_ROLES = [
  'registrar',
  'collector',
  'verifier',
  'approver',
  'manager',
  'shopkeeper',
  'provider',
  'assessor',
  'issuing_officer',
  'county_manager',
  'auditor',
] as const;

export type { Answer, Ask } from './ask.js';

export interface AnotherService {
  readonly url: string;
  /** Without a staff token. */
  readonly ask: Ask;
  /** As an account of `RunningCounty.as`, signed in just now. */
  as(username: string): Promise<Ask>;
  close(): Promise<void>;
}

export interface AnotherProcess extends AnotherService {
  /** Its number in the operating system; not this process's. */
  readonly pid: number;
}

export interface RunningCounty {
  readonly url: string;
  readonly config: CountyConfig;
  readonly clock: FixedClock;
  readonly database: DataSource;
  readonly app: INestApplicationContext;
  readonly attestKey: PublicJwk;
  readonly statusKey: PublicJwk;
  readonly statementKey: PublicJwk;
  /** Without a staff token. */
  readonly ask: Ask;
  /** As the account of one role, or of all roles for `desk`; signs in anew where a moved clock has ended the session. */
  as(username: string): Promise<Ask>;
  /** The same for an account confined to a place, of one role or of all for `desk`; made when first asked for. */
  asIn(place: string, role: string): Promise<Ask>;
  /** The same for one of an organisation that is not the county's office. */
  asOf(organisation: string, role: string): Promise<Ask>;
  /** One more service on the same database, with the same clock; what the two share in memory is this process's alone. */
  again(changes?: Partial<CountyConfig>): Promise<AnotherService>;
  /** One more service on the same database as an operating-system process, its clock standing where this one's stands now. */
  apart(): Promise<AnotherProcess>;
  /** Every kind of close: service, database, folder. */
  close(): Promise<void>;
}

/** Starts a county of its own on a fresh database with generated keys and a clock that stands still. */
export async function runCounty(changes: Partial<CountyConfig> = {}): Promise<RunningCounty> {
  const folder = await mkdtemp(path.join(tmpdir(), 'xinqiao-county-'));
  const database = await testDatabase();
  const clock = fixedClock(START);
  const keysFile = path.join(folder, 'keys.json');
  const [attestKey, statusKey, statementKey] = await writeKeys(keysFile);
  const subjectKeysFile = path.join(folder, 'subject-keys.json');
  await writeFile(subjectKeysFile, JSON.stringify({ sample: true, keys: subjectKeys() }), { mode: 0o600 });
  const { place = '371003' } = changes;
  const config: CountyConfig = {
    id: COUNTY_ID,
    name: '文登区',
    federationId: 'https://alliance.example',
    federationUrl: 'http://127.0.0.1:9',
    place,
    placesFile: 'config/places.json',
    schemesFolder: `config/schemes/${place}`,
    schemasFolder: 'config/schemas',
    keysFile,
    subjectKeysFile,
    statusTtlSeconds: 300,
    statusListUri: `${COUNTY_ID}/s/1`,
    host: '127.0.0.1',
    port: 0,
    databaseUrl: database.url,
    production: false,
    logLevel: 'silent',
    ...changes,
  };
  const running = await startCounty(config, clock);
  const accounts = running.app.get(StaffAccounts, { strict: false });
  for (const role of COUNTY_ROLES) await accounts.ensure(account(role, [role]));
  await accounts.ensure(account('desk', COUNTY_ROLES));
  const ask = askAt(running.url);
  const sessions = new Map<string, { readonly ask: Promise<Ask>; readonly since: number }>();
  const as = (username: string): Promise<Ask> => {
    const known = sessions.get(username);
    const now = clock.now();
    if (known !== undefined && Math.abs(now - known.since) < SESSION_SECONDS) return known.ask;
    const session = signedIn(ask, username);
    sessions.set(username, { ask: session, since: now });
    return session;
  };
  return {
    url: running.url,
    config,
    clock,
    database: running.app.get(DataSource, { strict: false }),
    app: running.app,
    attestKey,
    statusKey,
    statementKey,
    ask,
    as,
    asIn: async (scope, role) => {
      await accounts.ensure(account(`${role}-${scope}`, role === 'desk' ? COUNTY_ROLES : [role], scope));
      return as(`${role}-${scope}`);
    },
    asOf: async (organisation, role) => {
      const username = `${role}-of-${organisation}`;
      await accounts.ensure({ ...account(username, [role]), organisation });
      return as(username);
    },
    again: async (more = {}) => {
      const other = await startCounty({ ...config, ...more }, clock);
      return anotherService(other.url, () => other.close());
    },
    apart: async () => {
      const other = await forkCounty(config, clock.now());
      return { ...anotherService(other.url, () => other.close()), pid: other.pid };
    },
    close: async () => {
      await running.close();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}

function anotherService(url: string, close: () => Promise<void>): AnotherService {
  const ask = askAt(url);
  return { url, ask, as: (username) => signedIn(ask, username), close };
}

interface MadeKey {
  readonly entry: { readonly purpose: string; readonly alg: 'ES256'; readonly jwk: object };
  readonly publicJwk: PublicJwk;
}

async function makeKey(purpose: string): Promise<MadeKey> {
  const jwk = await generatePrivateJwk('ES256');
  return { entry: { purpose, alg: 'ES256', jwk }, publicJwk: (await nodeSigner('ES256', jwk)).publicJwk };
}

/** Generated keys for document numbers, as a key file has them. */
export function subjectKeys(): readonly object[] {
  const purposes = [
    ['subject-encrypt', 'A256GCM'],
    ['subject-index', 'HS256'],
  ] as const;
  return purposes.map(([purpose, alg]) => {
    const jwk = { kty: 'oct', k: randomBytes(32).toString('base64url') };
    return { purpose, alg, jwk };
  });
}

/** A key file with one generated key per purpose of a county; their public halves in that order. */
async function writeKeys(file: string): Promise<readonly [PublicJwk, PublicJwk, PublicJwk]> {
  const made = [await makeKey('attest'), await makeKey('status'), await makeKey('statement')] as const;
  const keys = made.map(({ entry }) => entry);
  await writeFile(file, JSON.stringify({ sample: true, keys }), { mode: 0o600 });
  return [made[0].publicJwk, made[1].publicJwk, made[2].publicJwk];
}

async function signedIn(ask: Ask, username: string): Promise<Ask> {
  const { status, body } = await ask('POST', '/v1/staff/sessions', { username, password: PASSWORD });
  if (status !== 201) throw new Error(`${username} could not sign in: ${String(body['code'])}`);
  const authorization = `Bearer ${String(body['token'])}`;
  return (method, route, payload, headers = {}) => ask(method, route, payload, { authorization, ...headers });
}

function account(
  username: string,
  roles: readonly string[],
  place: string | null = null,
): Parameters<StaffAccounts['ensure']>[0] {
  const grants = grantsOf(roles, place);
  return { username, password: PASSWORD, displayName: username, organisation: 'County office', grants, sample: true };
}
