import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startGate, type GateConfig, type RunningGate } from '#apps/gate';
import { encodePresentationQr } from '#libs/attestation';
import { nodeCrypto } from '#libs/jose-profile/node';
import { grantsOf, StaffAccounts } from '#libs/staff';
import {
  buildAlliance,
  COUNTY,
  fixedClock,
  HOST,
  issueProof,
  SPOT_AND_SHOP,
  statusListOf,
  testDatabase,
  VISIT_FEDERATION,
  waitFor,
  type AlliancePlan,
  type BuiltAlliance,
  type FixedClock,
  type IssuedProof,
  type ProofPlan,
  type TestDatabase,
} from '#libs/testing';
import { holdAttestation, presentAttestation, type Answer } from '#libs/wallet';
import { startUpstream, type Upstream } from './upstream.js';

/** 2026-11-18 in Shanghai. */
export const NOW = 1_795_000_000;
export const TODAY = '2026-11-18';
export const BLACKOUT = '2026-11-20';
export const LIST = '/s/1';
const PASSWORD = 'only for this test';
const PRICES = {
  currency: 'CNY',
  adultFen: 8_000,
  childFen: 4_000,
  seniorFen: 8_000,
  statutory: { childFen: 4_000, seniorFen: 4_000 },
} as const;

export interface Reply<Body> {
  readonly status: number;
  readonly body: Body;
}

export interface Verdict {
  readonly id: string;
  readonly verdict: string;
  readonly repeat: boolean;
  readonly effect?: { readonly kind: string };
  readonly grant?: { readonly price?: { readonly totalFen: number }; readonly issuer: { readonly id: string } };
  readonly person?: { readonly name: string };
  readonly coupon?: { readonly code: string; readonly percent: number; readonly orderRef?: string };
  readonly receipt?: string;
  /** Of a problem. */
  readonly code?: string;
}

/** A client with a staff token. */
export interface Client {
  get<Body>(path: string): Promise<Reply<Body>>;
  post<Body>(path: string, body: unknown): Promise<Reply<Body>>;
}

/** What a gate says of its trust. */
export interface TrustState {
  readonly anchorVersion: number | null;
  readonly epoch: number | null;
  readonly seq: number | null;
  readonly round: number | null;
  /** The largest signed time ever taken in (Unix seconds). */
  readonly timeFloor: number;
  readonly statusListsHeld: number;
  readonly lastFault: string | null;
}

export interface TestGate extends RunningGate {
  /** Confined to the east site. */
  readonly lane: Client;
  /** Confined to the shop. */
  readonly shop: Client;
  readonly manager: Client;
  readonly auditor: Client;
  readonly anyone: Client;
  scan(qr: string, lane?: string, site?: string): Promise<Reply<Verdict>>;
  trust(): Promise<TrustState>;
}

export interface GateWorld {
  readonly alliance: BuiltAlliance;
  readonly upstream: Upstream;
  readonly clock: FixedClock;
  readonly database: TestDatabase;
  /** Starts a gate, signs everybody in, and waits until it holds head and list or is as wanted (unless `change` cuts it off). */
  start(change?: Partial<GateConfig>, isAsWanted?: (gate: TestGate) => Promise<boolean>): Promise<TestGate>;
  proof(change?: Partial<ProofPlan>): Promise<IssuedProof>;
  show(proof: IssuedProof, change?: Partial<Answer>): Promise<string>;
  qr(proof: IssuedProof, change?: Partial<Answer>): Promise<string>;
  revoke(...indexes: readonly number[]): Promise<void>;
  /** Another server to fetch from, which stops with this world. */
  mirror(): Promise<Upstream>;
  stop(): Promise<void>;
}

/** @param others an alliance and a clock that somebody else, a federation say, has too */
export async function gateWorld(
  others: { readonly alliance?: BuiltAlliance; readonly clock?: FixedClock } = {},
): Promise<GateWorld> {
  const alliance = others.alliance ?? (await buildAlliance(GATE_PLAN, NOW - 120));
  const [upstream, database, folder] = [
    await startUpstream(),
    await testDatabase(),
    await mkdtemp(path.join(tmpdir(), 'xinqiao-gate-')),
  ];
  const clock = others.clock ?? fixedClock(NOW);
  const gates: TestGate[] = [];
  const mirrors: Upstream[] = [];
  const sessions: Sessions = new Map();
  let nextIndex = 1;
  let listIat = NOW - 60;
  const world: GateWorld = {
    alliance,
    upstream,
    clock,
    database,
    start: async (change = {}, isAsWanted = isSynced) => {
      const config = { ...(await writeConfig(folder, alliance, database.url, upstream.url)), ...change };
      const gate = await signedIn(await startGate(config, clock), clock, sessions);
      gates.push(gate);
      if (config.federationUrl !== undefined) await waitFor(() => isAsWanted(gate));
      return gate;
    },
    proof: (change = {}) => {
      nextIndex += 1;
      const plan = { partner: 'spot', scheme: 'rongcheng', grade: 'AA', idx: nextIndex };
      return issueProof(alliance, { ...plan, now: NOW, federation: VISIT_FEDERATION, ...change });
    },
    show: async ({ issued, holderKey, holderJwk }, change = {}) => {
      const held = await holdAttestation(issued, holderJwk, nodeCrypto);
      if (!held.ok) throw new Error(held.fault);
      const answer = {
        threshold: 'AA',
        withPerson: false,
        audience: 'spot-east',
        iat: clock.now() - 1,
        offer: 'free-aa',
      };
      return presentAttestation(held.value, { ...answer, ...change }, holderKey, nodeCrypto);
    },
    qr: async (proof, change) => encodePresentationQr(await world.show(proof, change), 'QR.EXAMPLE'),
    revoke: async (...indexes) => {
      listIat += 1;
      upstream.putList(LIST, await statusListOf(alliance, COUNTY, { iat: listIat, ttlSeconds: 1 }, indexes));
    },
    mirror: async () => {
      const mirror = await startUpstream();
      mirrors.push(mirror);
      return mirror;
    },
    stop: async () => {
      for (const gate of gates) await gate.close();
      for (const server of [upstream, ...mirrors]) await server.stop();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
  await upstream.publish(alliance.bundle);
  await world.revoke();
  return world;
}

async function isSynced(gate: TestGate): Promise<boolean> {
  const { seq, statusListsHeld } = await gate.trust();
  return seq !== null && statusListsHeld === 1;
}

async function writeConfig(
  folder: string,
  alliance: BuiltAlliance,
  databaseUrl: string,
  url: string,
): Promise<GateConfig> {
  const anchorFile = path.join(folder, 'anchor.json');
  await writeFile(anchorFile, JSON.stringify(alliance.anchor));
  const keysOf = async (partner: string): Promise<string> => {
    const file = path.join(folder, `${partner}.json`);
    const keys = [{ purpose: 'receipt', alg: 'ES256', jwk: alliance.keys.partner(partner).receipt.privateJwk }];
    await writeFile(file, JSON.stringify({ sample: true, keys }), { mode: 0o600 });
    return file;
  };
  return {
    host: '127.0.0.1',
    port: 0,
    databaseUrl,
    production: false,
    logLevel: 'silent',
    federationId: VISIT_FEDERATION,
    federationUrl: url,
    anchorFile,
    origins: { [COUNTY]: url },
    partners: [
      {
        id: 'spot',
        keysFile: await keysOf('spot'),
        sites: [
          { id: 'spot-east', lanes: ['lane-1', 'lane-2', 'desk', 'desk-2'], attended: ['desk', 'desk-2'] },
          { id: 'spot-west', lanes: ['lane-1'] },
        ],
      },
      { id: 'shop', keysFile: await keysOf('shop'), sites: [{ id: 'shop-online', lanes: ['till'] }] },
    ],
    pollSeconds: 0.1,
    statusPollSeconds: 0.2,
    qrHost: 'qr.example',
    sessionLifeSeconds: 600,
  };
}

/** Staff sessions outlive a restart like everything in the database; a password costs a while. */
type Sessions = Map<string, { readonly token: string; readonly expiresAt: number }>;

async function signedIn(gate: RunningGate, clock: FixedClock, sessions: Sessions): Promise<TestGate> {
  const accounts = gate.app.get(StaffAccounts);
  const client = async (username: string, roles: readonly string[], scope?: string): Promise<Client> => {
    const held = sessions.get(username);
    if (held !== undefined && clock.now() < held.expiresAt) return clientAt(gate.url, held.token);
    const person = { username, password: PASSWORD, displayName: username, organisation: 'spot', sample: true };
    await accounts.ensure({ ...person, grants: grantsOf(roles, scope) });
    const credentials = { username, password: PASSWORD };
    const { body } = await clientAt(gate.url).post<{ token: string; expiresAt: number }>(
      '/v1/staff/sessions',
      credentials,
    );
    sessions.set(username, body);
    return clientAt(gate.url, body.token);
  };
  const manager = await client('manager', ['gate_manager', 'settlement']);
  return {
    ...gate,
    lane: await client('lane', ['lane'], 'spot-east'),
    shop: await client('shop', ['shop'], 'shop-online'),
    manager,
    auditor: await client('auditor', ['auditor']),
    anyone: clientAt(gate.url),
    scan: (qr, lane = 'lane-1', site = 'spot-east') =>
      manager.post<Verdict>('/v1/verifications', { site, lane, presentation: { way: 'rotating_qr', qr } }),
    trust: async () => (await manager.get<TrustState>('/v1/trust')).body,
  };
}

function clientAt(url: string, token?: string): Client {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const call = async <Body>(at: string, init: RequestInit): Promise<Reply<Body>> => {
    const response = await fetch(url + at, init);
    return { status: response.status, body: (await response.json()) as Body };
  };
  return {
    get: (at) => call(at, { headers }),
    post: (at, body) => {
      const json = { ...headers, 'content-type': 'application/json' };
      return call(at, { method: 'POST', headers: json, body: JSON.stringify(body) });
    },
  };
}

export const GATE_PLAN: AlliancePlan = {
  members: [
    { id: COUNTY, name: { zh: '荣成' } },
    { id: HOST, statusLists: [] },
  ],
  partners: SPOT_AND_SHOP,
  schemes: [{ id: 'rongcheng', member: COUNTY }],
  agreements: [{ id: 'lv' }, { id: 'shan', counties: [HOST] }],
  tables: [{ scheme: { id: 'rongcheng' } }],
  offers: [
    { id: 'free-aa', partner: 'spot', agreement: 'lv', blackoutDays: [BLACKOUT], prices: PRICES },
    {
      id: 'half-a',
      partner: 'spot',
      agreement: 'lv',
      band: 'A',
      effect: { kind: 'percent_off', percent: 50 },
      party: { adults: 2, children: 1, seniors: 1 },
      prices: PRICES,
    },
    { id: 'reentry-aa', partner: 'spot', agreement: 'lv', uses: { n: 1, per: 'day', reentryMinutes: 30 } },
    {
      id: 'document-reentry',
      partner: 'spot',
      agreement: 'lv',
      holderCheck: 'document',
      uses: { n: 1, per: 'day', reentryMinutes: 30 },
    },
    { id: 'document-aa', partner: 'spot', agreement: 'lv', holderCheck: 'document' },
    { id: 'entry-aa', partner: 'spot', agreement: 'lv', uses: { n: 1, per: 'entry' } },
    { id: 'two-a-day', partner: 'spot', agreement: 'lv', dailyLimit: 2 },
    { id: 'foreign-aa', partner: 'spot', agreement: 'shan' },
    {
      id: 'coupon-aa',
      partner: 'shop',
      agreement: 'lv',
      effect: { kind: 'coupon', percent: 10 },
      uses: { n: 1, per: 'order' },
    },
  ],
};
