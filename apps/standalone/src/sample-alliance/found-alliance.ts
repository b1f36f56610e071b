import { setTimeout as delay } from 'node:timers/promises';
import {
  documentTyp,
  signDocument,
  verifyDelegation,
  type Anchor,
  type DelegationPayload,
  type DocumentType,
  type PayloadOf,
  type PurposeKey,
  type SignedDocument,
} from '#libs/alliance';
import { signDetachedJws, type Signer } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { ApiProblem, type Api } from '../api.js';
import { damaged } from '../machine/whole-file.js';
import type { AllianceDesk } from './alliance-desk.js';
import type { KeyOwner, KeyPurpose, SampleKeys } from './sample-keys.js';
import { shortName, withoutSource, type SampleDocuments } from './sample-documents.js';

/** Purpose and algorithm of each. */
const SUBJECT_KEYS = { 'subject-encrypt': 'A256GCM', 'subject-index': 'HS256' };
const COUNTY_KEYS: readonly KeyPurpose[] = ['attest', 'status', 'statement'];
const YEAR_SECONDS = 365 * 86_400;
const STATEMENT_DEADLINE_MS = 15_000;

/** Every key of the sample alliance, by who holds it. */
export class AllianceKeyring {
  constructor(private readonly keys: SampleKeys) {}

  root(organisation: string): Promise<KeyOwner> {
    return this.keys.of(`root-${organisation}`, ['root']);
  }
  officer(id: string): Promise<KeyOwner> {
    return this.keys.of(id, ['officer']);
  }
  online(): Promise<KeyOwner> {
    return this.keys.of('federation', ['online']);
  }
  county(entityId: string): Promise<KeyOwner> {
    return this.keys.of(`county-${shortName(entityId)}`, COUNTY_KEYS);
  }
  /** The file of the keys under which a county keeps document numbers. */
  subjects(entityId: string): Promise<string> {
    return this.keys.secretsOf(`county-${shortName(entityId)}-subjects`, SUBJECT_KEYS);
  }
  /** What a gate needs: no statement key lies on a machine at a gate. */
  gate(partner: string): Promise<KeyOwner> {
    return this.keys.of(`gate-${partner}`, ['receipt']);
  }
  partner(partner: string): Promise<KeyOwner> {
    return this.keys.of(`partner-${partner}`, ['statement']);
  }
}

/** The desk of a county that runs a service of its own; members without one sign with their key alone. */
export interface CountyDesk {
  readonly id: string;
  readonly desk: Api;
}

export interface Founding {
  readonly documents: SampleDocuments;
  readonly keyring: AllianceKeyring;
  readonly desk: AllianceDesk;
  readonly counties: readonly CountyDesk[];
}

interface DelegationThere {
  readonly epoch: number;
  /** Unix seconds. */
  readonly exp: number;
  readonly delegation: SignedDocument;
}

/**
 * The roots delegate: one online key, the officers. Done anew, one epoch higher, when the delegation nears its end.
 * @throws LocalServiceError DATA_FOLDER_DAMAGED when the registry stands on other roots
 */
export async function delegate(
  federation: Api,
  anchor: Anchor,
  { documents, keyring, desk }: Omit<Founding, 'counties'>,
): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const inForce = await federation
    .get<DelegationThere & { prepared?: DelegationThere }>('/v1/delegation')
    .catch((problem: unknown) =>
      problem instanceof ApiProblem && problem.status === 404 ? undefined : fault(problem),
    );
  const current = inForce?.prepared ?? inForce;
  if (current !== undefined && !(await verifyDelegation(current.delegation, anchor, nodeCrypto)).ok)
    throw damaged('the database of the federation', 'the root keys of this data folder did not sign its delegation');
  if (current !== undefined && current.exp - now > YEAR_SECONDS / 12) return;
  const { alliance } = documents;
  const officers: DelegationPayload['officers'][number][] = [];
  for (const { id, organisation } of alliance.officers)
    officers.push({ jwk: (await keyring.officer(id)).signer('officer').publicJwk, alg: 'ES256', organisation });
  const roots: Signer[] = [];
  for (const organisation of alliance.rootKeys.organisations.slice(0, alliance.rootKeys.threshold))
    roots.push((await keyring.root(organisation)).signer('root'));
  const content: Omit<DelegationPayload, 'type'> = {
    epoch: (current?.epoch ?? 0) + 1,
    iat: now,
    exp: now + YEAR_SECONDS,
    online: { jwk: (await keyring.online()).signer('online').publicJwk, alg: 'ES256' },
    officers,
  };
  const delegation = await signDocument('delegation', content, roots, nodeCrypto);
  await desk.two[0].api.post('/v1/admin/delegations', { delegation });
}

/** Files the members, whose keys officers vouch for, through the interface the administrators use. What stands stays. */
export async function enterMembers({ documents, keyring, desk }: Omit<Founding, 'counties'>): Promise<void> {
  const [first, second] = desk.two;
  const officers = [first.signer, second.signer];
  await each(documents.members, async (member) => {
    const purposes =
      member.statusLists.length > 0 ? COUNTY_KEYS : COUNTY_KEYS.filter((purpose) => purpose !== 'status');
    const keys = publicKeys(await keyring.county(member.id), purposes);
    await desk.file({ type: 'member', ...withoutSource(member), keys }, officers);
  });
}

/**
 * Files every other document of the sample with the signatures it needs, and adopts a round over all of them. Whatever
 * stands already stays; running it again changes nothing.
 */
export async function foundAlliance(founding: Founding): Promise<void> {
  const { documents, keyring, desk } = founding;
  const [first, second] = desk.two;
  const officers = [first.signer, second.signer];
  const declaring = declareSchemes(founding);
  await each(documents.partners, async (partner) => {
    const sites = partner.sites.map(({ id, name }) => ({ id, name }));
    const keys = [
      ...publicKeys(await keyring.partner(partner.id), ['statement']),
      ...publicKeys(await keyring.gate(partner.id), ['receipt']),
    ];
    await signForHost(founding, partner.hostCounty, { type: 'partner', ...withoutSource(partner), sites, keys }, [
      first.signer,
    ]);
  });
  const declared = await declaring;
  await allSigned(desk);
  await each(documents.agreements, (agreement) =>
    desk.file({ type: 'agreement', ...withoutSource(agreement) }, officers),
  );
  await each([...documents.tables, ...documents.offers], async (document) => {
    if ('scheme' in document) {
      const { fingerprint, member } = declared.get(document.scheme.id) ?? unknown(`scheme ${document.scheme.id}`);
      const scheme = { id: document.scheme.id, fingerprint };
      await signForHost(founding, member, { type: 'table', ...withoutSource(document), scheme }, officers);
    } else {
      const partner =
        documents.partners.find(({ id }) => id === document.partner) ?? unknown(`partner ${document.partner}`);
      const signer = (await keyring.partner(partner.id)).signer('statement');
      await signForHost(founding, partner.hostCounty, { type: 'offer', ...withoutSource(document) }, [signer]);
    }
  });
  await allSigned(desk);
  await desk.adoptRound();
}

interface RegistryEntry {
  readonly digest: string;
  readonly payload: string;
  readonly state: string;
}

/**
 * Files a document that a county must sign too. For a county without a service of its own the key is at hand; one with a
 * service countersigns there, and its signature arrives through its outbox (see `allSigned`).
 */
async function signForHost(
  { keyring, desk, counties }: Founding,
  county: string,
  payload: PayloadOf[DocumentType],
  signers: readonly Signer[],
): Promise<void> {
  const deployed = counties.find(({ id }) => id === county);
  if (deployed === undefined) {
    const own = (await keyring.county(county)).signer('statement');
    await desk.file(payload, [...signers, own]);
  } else {
    await desk.file(payload, signers);
    await deployed.desk.post('/v1/admin/countersignatures', { payload });
  }
}

/** Waits until no document of the registry lacks a signature. */
async function allSigned(desk: AllianceDesk): Promise<void> {
  await until('every countersignature', async () => (await registry(desk, 'state=submitted')).length === 0);
}

async function registry({ two: [{ api }] }: AllianceDesk, filter: string): Promise<readonly RegistryEntry[]> {
  return (await api.get<{ documents: readonly RegistryEntry[] }>(`/v1/admin/documents?${filter}`)).documents;
}

interface DeclaredScheme {
  readonly fingerprint: string;
  readonly member: string;
}

/** Each county declares its scheme through its outbox; an officer adds the second signature. */
async function declareSchemes({ desk, counties }: Founding): Promise<ReadonlyMap<string, DeclaredScheme>> {
  const [{ api, signer }] = desk.two;
  const schemes = (): Promise<readonly RegistryEntry[]> => registry(desk, 'type=scheme');
  const known = new Map((await schemes()).map((entry) => [read(entry).member, entry]));
  for (const county of counties) if (!known.has(county.id)) await county.desk.post('/v1/admin/scheme-declarations', {});
  await until('every scheme declaration', async () => {
    const members = new Set((await schemes()).map((entry) => read(entry).member));
    return counties.every(({ id }) => members.has(id));
  });
  const declared = new Map<string, DeclaredScheme>();
  for (const entry of await schemes()) {
    if (entry.state === 'submitted') {
      const signature = await signDetachedJws(documentTyp('scheme'), entry.payload, signer, nodeCrypto);
      await api.post(`/v1/admin/documents/${entry.digest}/signatures`, { signature });
    }
    const { id, fingerprint, member } = read(entry);
    declared.set(id, { fingerprint, member });
  }
  return declared;
}

function read({ payload }: RegistryEntry): DeclaredScheme & { readonly id: string } {
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as DeclaredScheme & { readonly id: string };
}

function publicKeys(owner: KeyOwner, purposes: readonly KeyPurpose[]): PurposeKey[] {
  return purposes.map((purpose) => ({
    jwk: owner.signer(purpose).publicJwk,
    alg: 'ES256',
    purpose: purpose as PurposeKey['purpose'],
    status: 'active',
  }));
}

async function until(what: string, isDone: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + STATEMENT_DEADLINE_MS;
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error(`${what} did not reach the federation in time`);
    await delay(25);
  }
}

/** Documents of one kind do not rest on one another. */
async function each<Item>(items: readonly Item[], file: (item: Item) => Promise<unknown>): Promise<void> {
  await Promise.all(items.map(file));
}

function unknown(what: string): never {
  throw new Error(`the sample alliance has no ${what}`);
}

function fault(problem: unknown): never {
  throw problem;
}
