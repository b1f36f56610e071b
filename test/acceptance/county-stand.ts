import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DataSource } from 'typeorm';
import { type CountyConfig, startCounty } from '#apps/county';
import { generatePrivateJwk } from '#libs/jose-profile/node';
import { grantsOf, StaffAccounts } from '#libs/staff';
import { type Ask, askAt } from '../county/ask.js';

/** Every play begins on a 16 November at noon, Asia/Shanghai: the year has whole quarters behind it. */
const FIRST_YEAR = 2026;
const PASSWORD = 'a long password for plays';
/** Sessions live eight hours. */
const SESSION_SECONDS = 4 * 3_600;
/** Offices do not share one address, so that the limits per address are those of offices. */
const PROXY = '127.0.0.1';

/** Whose account: of a role, in the whole county or confined to a place; the first or another such person. */
export interface Post {
  readonly role: string;
  readonly place?: string;
  readonly nth?: number;
  /** Where it is not the office's. */
  readonly organisation?: string;
  /** Handle of the subject whose account it is. */
  readonly subject?: string;
}

/** A county service with the schemes of `config/schemes/<code>`, a clock that only plays move, and its staff. */
export interface CountyStand {
  readonly code: string;
  readonly config: CountyConfig;
  readonly clock: { now(): number; advance(seconds: number): void };
  /** Without a staff token. */
  readonly ask: Ask;
  as(post: Post): Promise<Ask>;
  /** On the 16 November of a year in which nothing has happened after this day; answers the year. */
  beginPlay(): number;
  close(): Promise<void>;
}

interface CountyHome {
  readonly databaseUrl: string;
  /** For its keys; made here. */
  readonly folder: string;
  /** The documents of `config/schemes`, unless others are handed in. */
  readonly schemesFolder?: string;
}

export async function openCounty(
  code: string,
  { databaseUrl, folder, schemesFolder = `config/schemes/${code}` }: CountyHome,
): Promise<CountyStand> {
  await mkdir(folder);
  let [year, instant] = [FIRST_YEAR, startOf(FIRST_YEAR)];
  const clock = { now: () => instant, advance: (seconds: number) => void (instant += seconds) };
  const config = { ...(await configOf(code, databaseUrl, folder)), schemesFolder };
  const running = await startCounty(config, clock);
  const accounts = running.app.get(StaffAccounts, { strict: false });
  const database = running.app.get(DataSource, { strict: false });
  const ask = fromOffices(askAt(running.url));
  const sessions = new Map<string, { readonly ask: Promise<Ask>; readonly since: number }>();

  const signIn = async (username: string, { role, place, subject, organisation = 'office' }: Post): Promise<Ask> => {
    const own = subject === undefined ? {} : { subject: await subjectId(database, subject) };
    const grants = grantsOf([role], place ?? null);
    const named = { username, password: PASSWORD, displayName: username, organisation, sample: true };
    await accounts.ensure({ ...named, grants, ...own });
    const { status, body } = await ask('POST', '/v1/staff/sessions', { username, password: PASSWORD });
    if (status !== 201) throw new Error(`${username} could not sign in: ${String(body['code'])}`);
    const authorization = `Bearer ${String(body['token'])}`;
    return (method, route, payload, headers = {}) => ask(method, route, payload, { authorization, ...headers });
  };
  return {
    code,
    config,
    clock,
    ask,
    as: (post) => {
      const { role, place = 'county', nth = 1, subject = 'nobody', organisation = 'office' } = post;
      const username = `${role}-${place}-${nth}-${subject}-${organisation}`.toLowerCase();
      const known = sessions.get(username);
      if (known !== undefined && instant - known.since < SESSION_SECONDS) return known.ask;
      const session = signIn(username, post);
      sessions.set(username, { ask: session, since: instant });
      return session;
    },
    beginPlay: () => {
      if (instant !== startOf(year)) {
        while (startOf(year) < instant) year += 1;
        instant = startOf(year);
      }
      return year;
    },
    close: () => running.close(),
  };
}

function startOf(year: number): number {
  return Date.parse(`${year}-11-16T12:00:00+08:00`) / 1_000;
}

/** Every request comes through the trusted proxy from one of very many addresses. */
function fromOffices(ask: Ask): Ask {
  let requests = 0;
  return (method, route, body, headers = {}) => {
    requests += 1;
    const address = `10.${(requests >> 16) & 255}.${(requests >> 8) & 255}.${requests & 255}`;
    return ask(method, route, body, { 'x-forwarded-for': address, ...headers });
  };
}

async function subjectId(database: DataSource, handle: string): Promise<string> {
  const [row] = await database.query<readonly { readonly id: string }[]>('SELECT id FROM subject WHERE handle = $1', [
    handle,
  ]);
  if (row === undefined) throw new Error(`no subject ${handle}`);
  return row.id;
}

async function configOf(code: string, databaseUrl: string, folder: string): Promise<CountyConfig> {
  const id = `https://c${code}.example`;
  const [keysFile, subjectKeysFile] = [path.join(folder, 'keys.json'), path.join(folder, 'subject-keys.json')];
  const purposes = ['attest', 'status', 'statement'];
  const signing = purposes.map(async (purpose) => ({ purpose, alg: 'ES256', jwk: await generatePrivateJwk('ES256') }));
  await writeKeys(keysFile, await Promise.all(signing));
  await writeKeys(subjectKeysFile, [secret('subject-encrypt', 'A256GCM'), secret('subject-index', 'HS256')]);
  return {
    id,
    name: code,
    federationId: 'https://alliance.example',
    federationUrl: 'http://127.0.0.1:9',
    place: code,
    placesFile: 'config/places.json',
    schemesFolder: `config/schemes/${code}`,
    schemasFolder: 'config/schemas',
    keysFile,
    subjectKeysFile,
    statusTtlSeconds: 300,
    statusListUri: `${id}/s/1`,
    host: '127.0.0.1',
    port: 0,
    databaseUrl,
    production: false,
    logLevel: 'silent',
    trustedProxy: PROXY,
  };
}

function writeKeys(file: string, keys: readonly object[]): Promise<void> {
  return writeFile(file, JSON.stringify({ sample: true, keys }), { mode: 0o600 });
}

function secret(purpose: string, alg: string): object {
  return { purpose, alg, jwk: { kty: 'oct', k: randomBytes(32).toString('base64url') } };
}
