import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type FederationConfig, type RunningFederation, startFederation } from '#apps/federation';
import {
  acceptBundle,
  type AllianceTrust,
  type Bundle,
  type BundleOutcome,
  type DelegationPayload,
  documentTyp,
  type DocumentType,
  type PayloadOf,
  parseBundle,
  type SignedDocument,
  signDocument,
} from '#libs/alliance';
import { decodeBase64url, parseStrictJson, signDetachedJws, type Signer } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { grantsOf, StaffAccounts } from '#libs/staff';
import {
  type AlliancePlan,
  buildAlliance,
  type BuiltAlliance,
  type FixedClock,
  fixedClock,
  SMALL_ALLIANCE,
  type TestDatabase,
  testDatabase,
  type TestKey,
} from '#libs/testing';

/** 2026-11-20 12:00 in Asia/Shanghai. */
export const NOW = 1_795_147_200;
const DAY_SECONDS = 86_400;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed JSON, or undefined. */
  readonly body: Body;
}

/** What tests read of an answer. */
export interface Body {
  readonly [member: string]: unknown;
  readonly code?: string;
  readonly digest: string;
  readonly payload: string;
  readonly state?: string;
  readonly missing: readonly unknown[];
  readonly fields?: readonly { readonly path: string; readonly message: string }[];
}

export type Account = 'officer' | 'registrar' | 'auditor';

export interface DeskOptions {
  readonly plan?: AlliancePlan;
  readonly now?: number;
  readonly config?: Partial<FederationConfig>;
  /** Lie in the key file beside the alliance's own. */
  readonly onlineKeys?: readonly TestKey[];
}

/**
 * A federation on a database of its own, with the keys of everybody who deals with it: what its administrators, members and
 * gates do, over HTTP.
 */
export class FederationDesk {
  private readonly others: RunningFederation[] = [];

  private constructor(
    readonly clock: FixedClock,
    readonly alliance: BuiltAlliance,
    readonly config: FederationConfig,
    readonly running: RunningFederation,
    private readonly database: TestDatabase,
    private readonly folder: string,
    private tokens: ReadonlyMap<Account, string>,
  ) {}

  static async start(options: DeskOptions = {}): Promise<FederationDesk> {
    const { plan = SMALL_ALLIANCE, now = NOW, config = {}, onlineKeys = [] } = options;
    const clock = fixedClock(now);
    const alliance = await buildAlliance(plan, now);
    const folder = await mkdtemp(path.join(tmpdir(), 'federation-'));
    const anchorFile = path.join(folder, 'anchor.json');
    const keysFile = path.join(folder, 'keys.json');
    const keys = [alliance.keys.online, ...onlineKeys].map(({ privateJwk }) => {
      return { purpose: 'online', alg: 'ES256', jwk: privateJwk };
    });
    await writeFile(anchorFile, JSON.stringify(alliance.anchor));
    await writeFile(keysFile, JSON.stringify({ sample: true, keys }));
    const database = await testDatabase();
    const whole: FederationConfig = {
      id: 'https://alliance.example',
      anchorFile,
      keysFile,
      headIntervalSeconds: 3_600,
      headLifeSeconds: 7 * DAY_SECONDS,
      roundLifeSeconds: 30 * DAY_SECONDS,
      host: '127.0.0.1',
      port: 0,
      databaseUrl: database.url,
      production: false,
      logLevel: 'silent',
      ...config,
    };
    const running = await startFederation(whole, clock);
    return new FederationDesk(clock, alliance, whole, running, database, folder, await hire(running));
  }

  /** A second process on the same database. */
  async startAnother(config: Partial<FederationConfig> = {}): Promise<RunningFederation> {
    const other = await startFederation({ ...this.config, ...config }, this.clock);
    this.others.push(other);
    return other;
  }

  /** Lets time pass; sessions end meanwhile, so everybody signs in again. */
  async wait(seconds: number): Promise<void> {
    this.clock.advance(seconds);
    this.tokens = await hire(this.running);
  }

  async close(): Promise<void> {
    for (const running of [this.running, ...this.others]) await running.close();
    await this.database.drop();
    await rm(this.folder, { recursive: true });
  }

  get(route: string, headers: Record<string, string> = {}): Promise<Answer> {
    return call(this.running.url + route, { headers });
  }

  getAs(account: Account, route: string): Promise<Answer> {
    return this.get(route, { authorization: `Bearer ${this.tokens.get(account)}` });
  }

  post(route: string, body: unknown, account?: Account, url = this.running.url): Promise<Answer> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (account !== undefined) headers['authorization'] = `Bearer ${this.tokens.get(account)}`;
    return call(url + route, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
  }

  /** A delegation by two roots, with the alliance's own online key and officers unless `change` says otherwise. */
  delegation(epoch: number, change: Partial<DelegationPayload> = {}): Promise<SignedDocument> {
    const { roots, officers, online } = this.alliance.keys;
    const now = this.clock.now();
    const payload = {
      epoch,
      iat: now,
      exp: now + 365 * DAY_SECONDS,
      online: { jwk: online.publicJwk, alg: 'ES256' as const },
      officers: officers.map(({ publicJwk }, index) => ({
        jwk: publicJwk,
        alg: 'ES256' as const,
        organisation: `officer-${index + 1}`,
      })),
      ...change,
    };
    return signDocument('delegation', payload, roots.slice(0, 2), nodeCrypto);
  }

  async install(epoch: number, change: Partial<DelegationPayload> = {}): Promise<Answer> {
    return this.post('/v1/admin/delegations', { delegation: await this.delegation(epoch, change) }, 'officer');
  }

  /** Files a document together with all the signatures it needs. */
  async file<Type extends DocumentType>(
    type: Type,
    content: Omit<PayloadOf[Type], 'type'>,
    more: Record<string, unknown> = {},
  ): Promise<Answer> {
    const signed = await this.alliance.sign(type, content);
    return this.fileSigned(signed, more);
  }

  fileSigned({ payload, signatures }: SignedDocument, more: Record<string, unknown> = {}): Promise<Answer> {
    return this.post('/v1/admin/documents', { payload: jsonOf(payload), signatures, ...more }, 'registrar');
  }

  async sign(route: string, payload: string, type: DocumentType | 'round', signer: Signer): Promise<Answer> {
    const signature = await signDetachedJws(documentTyp(type), payload, signer, nodeCrypto);
    return this.post(`${route}/signatures`, { signature }, 'officer');
  }

  /** Installs the first delegation, files everything planned and adopts the first round. */
  async found(): Promise<void> {
    expectStatus(await this.install(1), 201);
    await this.fileAll();
    await this.adopt();
  }

  async fileAll(): Promise<void> {
    const { members, partners, schemes, agreements, tables, offers } = this.alliance.plan;
    for (const each of members) expectStatus(await this.file('member', each), 201);
    for (const each of partners) expectStatus(await this.file('partner', each), 201);
    for (const each of schemes) expectStatus(await this.file('scheme', each), 201);
    for (const each of agreements) expectStatus(await this.file('agreement', each), 201);
    for (const each of tables) expectStatus(await this.file('table', each), 201);
    for (const each of offers) expectStatus(await this.file('offer', each), 201);
  }

  /** Drafts a round and has two officers of different organisations sign it; of a prepared epoch where one is named. */
  async adopt(
    lift: readonly string[] = [],
    officers: readonly Signer[] = this.alliance.keys.officers,
    epoch?: number,
  ): Promise<Answer> {
    const draft = expectStatus(await this.post('/v1/admin/rounds', { lift, epoch }, 'officer'), 201);
    const route = `/v1/admin/rounds/${draft.body.digest}`;
    const [first, second] = officers;
    if (!first || !second) throw new RangeError('two officers sign a round');
    expectStatus(await this.sign(route, draft.body.payload, 'round', first), 200);
    return expectStatus(await this.sign(route, draft.body.payload, 'round', second), 200);
  }

  suspend(digest: string, reason = 'invented for a test'): Promise<Answer> {
    return this.post('/v1/admin/suspensions', { digest, reason }, 'officer');
  }

  async bundle(): Promise<Bundle> {
    const { body } = expectStatus(await this.get('/v1/bundle'), 200);
    const bundle = parseBundle(body as never);
    if (!bundle.ok) throw new Error(bundle.fault);
    return bundle.value;
  }

  /** What a gate that holds `held` makes of what is served now. */
  async asGate(held?: AllianceTrust): Promise<BundleOutcome> {
    return acceptBundle({ anchor: this.alliance.anchor, bundle: await this.bundle(), held }, nodeCrypto);
  }

  async trust(held?: AllianceTrust): Promise<AllianceTrust> {
    const outcome = await this.asGate(held);
    if (!outcome.ok) throw new Error(`a gate refuses the bundle: ${outcome.fault} at ${outcome.at}`);
    return outcome.value;
  }
}

export function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`);
  return answer;
}

/** The JSON of a signed document's payload. */
export function jsonOf(payload: string): unknown {
  const bytes = decodeBase64url(payload);
  const json = bytes && parseStrictJson(bytes, { maxBytes: 1_000_000, maxDepth: 8, maxValues: 100_000 });
  if (!json?.ok) throw new Error('not a payload');
  return json.value;
}

async function call(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
  const body = (isJson ? JSON.parse(text) : {}) as Body;
  return { status: response.status, headers: response.headers, text, body };
}

async function hire(running: RunningFederation): Promise<ReadonlyMap<Account, string>> {
  const accounts = running.app.get(StaffAccounts, { strict: false });
  const tokens = new Map<Account, string>();
  for (const username of ['officer', 'registrar', 'auditor'] as const) {
    const password = `password of the ${username}`;
    const grants = grantsOf([`alliance_${username}`]);
    const organisation = 'officer-1';
    await accounts.ensure({ username, password, displayName: username, organisation, grants, sample: true });
    const session = await call(`${running.url}/v1/staff/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    tokens.set(username, String(expectStatus(session, 201).body['token']));
  }
  return tokens;
}
