import { acceptBundle, type AllianceTrust, type Anchor, type Bundle, type SignedDocument } from '#libs/alliance';
import { nodeCrypto, generatePrivateJwk, nodeSigner } from '#libs/jose-profile/node';
import { jwkThumbprint, type PublicJwk, type Signer, type SuiteName } from '#libs/jose-profile';
import {
  buildVisitWorld,
  COUNTY,
  generateTestKey,
  HOST,
  SPOT_AND_SHOP,
  type AlliancePlan,
  type BuiltAlliance,
  type VisitWorld,
} from '#libs/testing/alliance';

/** 2026-11-18 in Shanghai. */
export const NOW = 1_795_000_000;
export const NEIGHBOUR = 'https://weihai.example';
const SUSPENDED = 'https://suspended.example';
export const LIST = `${COUNTY}/s/1`;

/** A key of the run, by the name recipes use. */
export type NamedKey = Signer & { readonly publicJwk: PublicJwk };

/** A document of the base bundle by its name in recipes: how to find it, and who signs it by the rules. */
export interface NamedDocument {
  readonly type: 'member' | 'partner' | 'scheme' | 'agreement' | 'table' | 'offer';
  readonly id: string;
  readonly signers: readonly string[];
}

/** What recipes start from: an alliance whose bundle is good, and every key that somebody could misuse. */
export interface HostileWorld {
  readonly now: number;
  readonly visits: VisitWorld;
  readonly alliance: BuiltAlliance;
  readonly anchor: Anchor;
  /** Epoch 1, round 1, seq 1: what a gate holds. */
  readonly base: Bundle;
  /** The base, accepted. */
  readonly trust: AllianceTrust;
  /** @throws RangeError for a name no key has */
  key(name: string): NamedKey;
  /** The signed document of the base that a name stands for. */
  document(name: string): Promise<SignedDocument>;
}

/** The names recipes use, and who must sign (`docs/wire.md`). */
export const DOCUMENTS: Readonly<Record<string, NamedDocument>> = {
  county: { type: 'member', id: COUNTY, signers: ['officer-1', 'officer-2'] },
  neighbour: { type: 'member', id: NEIGHBOUR, signers: ['officer-1', 'officer-2'] },
  host: { type: 'member', id: HOST, signers: ['officer-1', 'officer-2'] },
  suspended: { type: 'member', id: SUSPENDED, signers: ['officer-1', 'officer-2'] },
  spot: { type: 'partner', id: 'spot', signers: ['host.statement', 'officer-1'] },
  scheme: { type: 'scheme', id: 'rongcheng', signers: ['county.statement', 'officer-1'] },
  agreement: { type: 'agreement', id: 'lv', signers: ['officer-1', 'officer-2'] },
  table: { type: 'table', id: 'rongcheng-table-1', signers: ['county.statement', 'officer-1', 'officer-2'] },
  offer: { type: 'offer', id: 'free-aa', signers: ['spot.statement', 'host.statement'] },
  withdrawn: { type: 'offer', id: 'withdrawn-aa', signers: ['spot.statement', 'host.statement'] },
  'other-offer': { type: 'offer', id: 'half-a', signers: ['spot.statement', 'host.statement'] },
};

const PLAN: AlliancePlan = {
  members: [
    { id: COUNTY },
    // Of the second of its lists nobody holds a copy.
    { id: NEIGHBOUR, statusLists: [`${NEIGHBOUR}/s/1`, `${NEIGHBOUR}/s/2`] },
    { id: HOST, statusLists: [] },
    { id: SUSPENDED, statusLists: [] },
  ],
  partners: SPOT_AND_SHOP,
  schemes: [
    { id: 'rongcheng', member: COUNTY },
    { id: 'weihai', member: NEIGHBOUR },
    { id: 'suspended', member: SUSPENDED },
  ],
  agreements: [
    { id: 'lv' },
    { id: 'elsewhere', counties: [HOST], schemes: [] },
    { id: 'no-county', counties: [HOST] },
    { id: 'no-scheme', schemes: ['weihai'] },
  ],
  tables: [{ scheme: { id: 'rongcheng' } }, { scheme: { id: 'weihai' } }, { scheme: { id: 'suspended' } }],
  offers: [
    { id: 'free-aa', partner: 'spot', agreement: 'lv', uses: { n: 1_000, per: 'day' } },
    { id: 'half-a', partner: 'spot', agreement: 'lv', band: 'A', uses: { n: 1_000, per: 'day' } },
    { id: 'once-aa', partner: 'spot', agreement: 'lv' },
    { id: 'document-aa', partner: 'spot', agreement: 'lv', holderCheck: 'document' },
    { id: 'elsewhere-aa', partner: 'spot', agreement: 'elsewhere' },
    { id: 'no-county-aa', partner: 'spot', agreement: 'no-county' },
    { id: 'no-scheme-aa', partner: 'spot', agreement: 'no-scheme' },
    { id: 'order-aa', partner: 'spot', agreement: 'lv', uses: { n: 1, per: 'order' } },
    { id: 'withdrawn-aa', partner: 'spot', agreement: 'lv' },
    { id: 'withdrawn-by-hand', partner: 'spot', agreement: 'lv' },
    { id: 'shop-aa', partner: 'shop', agreement: 'lv' },
  ],
};

/** Keys besides those of the plan, and where each stands: some nowhere. */
const EXTRA_KEYS: readonly (readonly [name: string, suite: SuiteName])[] = [
  ['holder', 'ES256'],
  ['other-holder', 'ES256'],
  ...Array.from({ length: 10 }, (_, index) => [`replayer-${index + 1}`, 'ES256'] as const),
  ['attacker', 'ES256'],
  ['attacker-eddsa', 'EdDSA'],
  ['fresh', 'ES256'],
  ['fresh-too', 'ES256'],
  ['county.attest-retired', 'ES256'],
  ['county.attest-compromised', 'ES256'],
  ['county.attest-eddsa', 'EdDSA'],
  ['county.status-retired', 'ES256'],
  ['county.status-compromised', 'ES256'],
  ['county.statement-compromised', 'ES256'],
  ['officer-1-too', 'ES256'],
  ['county-officer', 'ES256'],
  ['root-1-too', 'ES256'],
  ['new-root-1', 'ES256'],
  ['new-root-2', 'ES256'],
  ['new-root-3', 'ES256'],
];

export async function buildHostileWorld(): Promise<HostileWorld> {
  const visits = await buildVisitWorld(NOW, PLAN);
  const plain = visits.alliance;
  const keys = await nameKeys(plain);
  const key = (name: string): NamedKey => {
    const found = keys.get(name);
    if (found === undefined) throw new RangeError(`no key ${name}`);
    return found;
  };
  const listed = (name: string, organisation: string) => ({ ...suited(key(name)), organisation });
  const anchor = { ...plain.anchor, keys: [...plain.anchor.keys, listed('root-1-too', 'root-1')] };
  const county = plain.plan.members.find(({ id }) => id === COUNTY)!;
  const extra = (
    name: string,
    purpose: 'attest' | 'status' | 'statement',
    status: 'active' | 'retired' | 'compromised',
  ) => {
    return { ...suited(key(name)), purpose, status };
  };
  const member = await plain.sign('member', {
    ...county,
    version: 2,
    keys: [
      ...county.keys,
      extra('county.attest-retired', 'attest', 'retired'),
      extra('county.attest-compromised', 'attest', 'compromised'),
      extra('county.attest-eddsa', 'attest', 'active'),
      extra('county.status-retired', 'status', 'retired'),
      extra('county.status-compromised', 'status', 'compromised'),
      extra('county.statement-compromised', 'statement', 'compromised'),
    ],
  });
  const before = await plain.digestOf('member', COUNTY);
  const documents: SignedDocument[] = [];
  for (const document of plain.bundle.documents)
    documents.push((await digestOf(document)) === before ? member : document);
  const officers = [1, 2, 3].map((number) => listed(`officer-${number}`, `officer-${number}`));
  const named = [await plain.digestOf('member', SUSPENDED), await plain.digestOf('offer', 'withdrawn-aa')].toSorted();
  const added = [...named, await plain.digestOf('offer', 'withdrawn-by-hand')].toSorted();
  const base = await plain.headAt(NOW, {
    documents,
    delegation: { officers: [...officers, listed('officer-1-too', 'officer-1'), listed('county-officer', COUNTY)] },
    round: { suspended: named },
    // The online key has suspended one more than the officers.
    head: { seq: 1, prev: '', suspended: added },
  });
  const accepted = await acceptBundle({ anchor, bundle: base }, nodeCrypto);
  if (!accepted.ok) throw new Error(`the base is refused: ${accepted.fault} at ${accepted.at}`);
  const alliance = { ...plain, anchor, bundle: base };
  return {
    now: NOW,
    visits,
    alliance,
    anchor,
    base,
    trust: accepted.value,
    key,
    document: async (name) => {
      const meant = DOCUMENTS[name];
      if (meant === undefined) throw new RangeError(`no document ${name}`);
      if (name === 'county') return member;
      const digest = await plain.digestOf(meant.type, meant.id);
      return accepted.value.documents.get(digest)!.signed;
    },
  };
}

/** An entry of a key, as documents list it. */
function suited({ key, publicJwk }: NamedKey) {
  return { jwk: publicJwk, alg: key.suite };
}

async function digestOf({ payload }: SignedDocument): Promise<string> {
  return Buffer.from(await nodeCrypto.sha256(Buffer.from(payload, 'base64url'))).toString('base64url');
}

async function nameKeys({ keys }: BuiltAlliance): Promise<ReadonlyMap<string, NamedKey>> {
  const named = new Map<string, NamedKey>();
  keys.roots.forEach((root, index) => named.set(`root-${index + 1}`, root));
  keys.officers.forEach((officer, index) => named.set(`officer-${index + 1}`, officer));
  named.set('online', keys.online);
  const owners = { county: COUNTY, neighbour: NEIGHBOUR, host: HOST, suspended: SUSPENDED };
  for (const [name, id] of Object.entries(owners)) {
    const { attest, status, statement } = keys.member(id);
    named.set(`${name}.attest`, attest).set(`${name}.status`, status).set(`${name}.statement`, statement);
  }
  // A point that lies on no curve has a name like every other.
  const offCurve = { ...keys.online.publicJwk, y: 'A'.repeat(43) } as PublicJwk;
  named.set('off-curve', { ...keys.online, publicJwk: offCurve, kid: await jwkThumbprint(offCurve, nodeCrypto) });
  const { statement, receipt } = keys.partner('spot');
  named.set('spot.statement', statement).set('spot.receipt', receipt);
  named.set('shop.statement', keys.partner('shop').statement);
  for (const [name, suite] of EXTRA_KEYS) {
    const made = suite === 'ES256' ? generateTestKey() : nodeSigner(suite, await generatePrivateJwk(suite));
    named.set(name, await made);
  }
  return named;
}
