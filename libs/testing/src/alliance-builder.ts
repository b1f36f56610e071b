import {
  documentDigest,
  headDigest,
  nextRound,
  signDocument,
  signHead,
  type Anchor,
  type Bundle,
  type DelegationPayload,
  type DocumentType,
  type HeadPayload,
  type RoundPayload,
  type SignedDocument,
} from '#libs/alliance';
import type { Signer } from '#libs/jose-profile';
import { generateAllianceKeys, type AllianceKeys, type TestKey } from './alliance-keys.js';
import { smCrypto } from './sm-crypto-port.js';
import { completePlan, type AlliancePlan, type ContentOf, type FullPlan } from './alliance-plan.js';

export type { AllianceKeys, TestKey } from './alliance-keys.js';
export type { AlliancePlan } from './alliance-plan.js';

/** What shall differ from the first bundle. Whatever is changed is signed by the keys that must. */
export interface BundleChange {
  readonly delegation?: Partial<DelegationPayload>;
  readonly documents?: readonly SignedDocument[];
  readonly round?: Partial<RoundPayload>;
  readonly head?: Partial<HeadPayload>;
  readonly online?: TestKey;
}

export interface BuiltAlliance {
  readonly anchor: Anchor;
  /** Epoch 1, round 1, seq 1, dated `now`; head for seven days, round for thirty, delegation for a year. */
  readonly bundle: Bundle;
  readonly keys: AllianceKeys;
  /** The documents as planned, defaults filled in. */
  readonly plan: FullPlan;
  digestOf(type: DocumentType, id: string): Promise<string>;
  /** A document signed by everybody who must sign it. */
  sign<Type extends DocumentType>(type: Type, content: ContentOf<Type>): Promise<SignedDocument>;
  /** The bundle with a later head: seq 2, following the first, unless `change` says otherwise. */
  headAt(iat: number, change?: BundleChange): Promise<Bundle>;
}

const DAY_SECONDS = 86_400;

/** Who must sign a document, by `docs/wire.md`. */
const SIGNERS: {
  readonly [Type in DocumentType]: (content: ContentOf<Type>, keys: AllianceKeys, plan: FullPlan) => readonly Signer[];
} = {
  member: (_, { officers }) => officers.slice(0, 2),
  agreement: (_, { officers }) => officers.slice(0, 2),
  partner: ({ hostCounty }, keys) => [keys.member(hostCounty).statement, keys.officers[0]],
  scheme: ({ member }, keys) => [keys.member(member).statement, keys.officers[0]],
  table: ({ scheme: { id } }, keys, plan) => [
    keys.member(find(plan.schemes, id).member).statement,
    ...keys.officers.slice(0, 2),
  ],
  offer: ({ partner }, keys, plan) => [
    keys.partner(partner).statement,
    keys.member(find(plan.partners, partner).hostCounty).statement,
  ],
};

function find<Entry extends { readonly id: string }>(entries: readonly Entry[], id: string): Entry {
  const entry = entries.find((each) => each.id === id);
  if (entry === undefined) throw new RangeError(`the plan has no ${id}`);
  return entry;
}

/**
 * Builds a whole alliance for tests, all keys generated: what the plan leaves out gets a plain default.
 * @param now Unix seconds
 */
export async function buildAlliance(partial: AlliancePlan, now: number): Promise<BuiltAlliance> {
  const keys = await generateAllianceKeys(partial);
  const plan = await completePlan(partial, keys);
  const sign = <Type extends DocumentType>(type: Type, content: ContentOf<Type>): Promise<SignedDocument> =>
    signDocument(type, content, SIGNERS[type](content, keys, plan), smCrypto);
  const named = new Map<string, SignedDocument>();
  const add = async <Type extends DocumentType>(
    type: Type,
    contents: readonly (ContentOf<Type> & { readonly id: string })[],
  ): Promise<void> => {
    for (const content of contents) named.set(`${type} ${content.id}`, await sign(type, content));
  };
  await add('member', plan.members);
  await add('partner', plan.partners);
  await add('scheme', plan.schemes);
  await add('agreement', plan.agreements);
  await add('table', plan.tables);
  await add('offer', plan.offers);

  const make = (change: BundleChange): Promise<Bundle> => makeBundle([...named.values()], keys, now, change);
  const bundle = await make({});
  return {
    anchor: {
      version: 1,
      threshold: 2,
      keys: keys.roots.map((key, index) => organisationKey(key, `root-${index + 1}`)),
    },
    bundle,
    keys,
    plan,
    sign,
    digestOf: async (type, id) => {
      const document = named.get(`${type} ${id}`);
      if (document === undefined) throw new RangeError(`the plan has no ${type} ${id}`);
      return documentDigest(document, smCrypto);
    },
    headAt: async (iat, change = {}) => {
      const follows = { seq: 2, prev: await headDigest(bundle.head, smCrypto), iat, exp: iat + 7 * DAY_SECONDS };
      return make({ ...change, head: { ...follows, ...change.head } });
    },
  };
}

async function makeBundle(
  planned: readonly SignedDocument[],
  keys: AllianceKeys,
  now: number,
  change: BundleChange,
): Promise<Bundle> {
  const documents = change.documents ?? planned;
  const online = change.online ?? keys.online;
  const delegation = {
    epoch: 1,
    iat: now,
    exp: now + 365 * DAY_SECONDS,
    online: { jwk: online.publicJwk, alg: online.key.suite },
    officers: keys.officers.map((key, index) => organisationKey(key, `officer-${index + 1}`)),
    ...change.delegation,
  };
  const digests = await Promise.all(documents.map((document) => documentDigest(document, smCrypto)));
  const { epoch } = delegation;
  const lifetimeSeconds = 30 * DAY_SECONDS;
  const round = {
    ...(await nextRound({ epoch, previousRound: undefined, now, lifetimeSeconds, digests, suspended: [] }, smCrypto)),
    ...change.round,
  };
  const { docs_root, suspended } = round;
  const times = { iat: now, exp: now + 7 * DAY_SECONDS };
  const head = { epoch, seq: 1, prev: '', round: round.round, ...times, docs_root, suspended, ...change.head };
  return {
    delegation: await signDocument('delegation', delegation, keys.roots.slice(0, 2), smCrypto),
    round: await signDocument('round', round, keys.officers.slice(0, 2), smCrypto),
    head: await signHead(head, online, smCrypto),
    documents,
  };
}

function organisationKey(key: TestKey, organisation: string) {
  return { jwk: key.publicJwk, alg: key.key.suite, organisation };
}
