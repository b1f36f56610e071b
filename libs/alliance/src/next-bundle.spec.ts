import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { CryptoPort } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildAlliance, generateTestKey, type AlliancePlan, type BuiltAlliance, type TestKey } from '#libs/testing';
import { acceptBundle, type BundleOutcome } from './accept-bundle.js';
import type { AllianceTrust, AnyHeldDocument } from './alliance-trust.js';
import type { Bundle, NextBundle } from './bundle.js';
import type { KeyStatus } from './payloads.js';
import { addSignature, documentDigest, type SignedDocument } from './signed-document.js';

const NOW = 1_795_000_000;
const COUNTIES = ['https://rongcheng.example', 'https://rugao.example', 'https://xuecheng.example'] as const;
const PLAN: AlliancePlan = {
  members: COUNTIES.map((id) => ({ id })),
  partners: [
    { id: 'rugao-spot', hostCounty: COUNTIES[1] },
    { id: 'xuecheng-inn', hostCounty: COUNTIES[2] },
  ],
  schemes: [
    { id: 'rongcheng', member: COUNTIES[0] },
    { id: 'xuecheng', member: COUNTIES[2] },
  ],
  agreements: [{ id: 'lv' }],
  tables: [{ scheme: { id: 'rongcheng' } }, { scheme: { id: 'xuecheng' } }],
  offers: [
    { id: 'free', partner: 'rugao-spot', agreement: 'lv' },
    { id: 'half', partner: 'xuecheng-inn', agreement: 'lv' },
  ],
};

let alliance: BuiltAlliance;
let stranger: TestKey;
beforeAll(async () => {
  alliance = await buildAlliance(PLAN, NOW);
  stranger = await generateTestKey();
});

/** What the federation publishes next, and how far it has counted. */
interface Registry {
  documents: readonly SignedDocument[];
  suspended: readonly string[];
  /** Which of the three officers are delegated. */
  officers: readonly number[];
  epoch: number;
  version: number;
}

/** One change, drawn at random: `pick` chooses among what it can apply to. */
interface Change {
  readonly kind: keyof typeof CHANGES;
  readonly pick: number;
}

const among = <Entry>(entries: readonly Entry[], pick: number): Entry => {
  const entry = entries[pick % entries.length];
  if (entry === undefined) throw new RangeError('nothing to choose from');
  return entry;
};

const without = (documents: readonly SignedDocument[], held: AnyHeldDocument) =>
  documents.filter(({ payload }) => payload !== held.signed.payload);

/** The held documents of one type that are still published. */
function published<Type extends AnyHeldDocument['type']>(type: Type, { documents }: Registry, trust: AllianceTrust) {
  const payloads = new Set(documents.map(({ payload }) => payload));
  return [...trust.documents.values()].filter(
    (document): document is Extract<AnyHeldDocument, { readonly type: Type }> =>
      document.type === type && payloads.has(document.signed.payload),
  );
}

function replace(document: AnyHeldDocument, registry: Registry, next: SignedDocument): void {
  registry.documents = [...without(registry.documents, document), next];
}

/** Puts another signature beside those of a document. */
async function signAlso(registry: Registry, trust: AllianceTrust, pick: number, key: TestKey): Promise<void> {
  const document = among([...trust.documents.values()], pick);
  if (!registry.documents.includes(document.signed)) return;
  replace(document, registry, await addSignature(document.signed, document.type, key, nodeCrypto));
}

async function renew(
  type: 'partner' | 'agreement' | 'offer',
  registry: Registry,
  trust: AllianceTrust,
  pick: number,
): Promise<void> {
  const candidates = published(type, registry, trust);
  if (candidates.length === 0) return;
  const document = among(candidates, pick);
  registry.version += 1;
  const content = { ...document.payload, version: registry.version };
  replace(document, registry, await alliance.sign(type, content));
}

async function changeMember(
  registry: Registry,
  trust: AllianceTrust,
  pick: number,
  status: KeyStatus | 'removed',
): Promise<void> {
  const member = among(published('member', registry, trust), pick);
  const keys = member.payload.keys.flatMap((key) => {
    if (key.purpose !== 'statement') return [key];
    return status === 'removed' ? [] : [{ ...key, status }];
  });
  const { type: _, ...content } = member.payload;
  registry.version += 1;
  replace(member, registry, await alliance.sign('member', { ...content, keys, version: registry.version }));
}

const CHANGES = {
  nothing: async () => undefined,
  newTable: async (registry: Registry, trust: AllianceTrust, pick: number) => {
    const { type: _, ...content } = among(published('table', registry, trust), pick).payload;
    registry.version += 1;
    const effectiveFrom = `2026-${String(1 + (registry.version % 12)).padStart(2, '0')}-02`;
    const table = { ...content, id: `t${registry.version}`, version: registry.version, effectiveFrom };
    registry.documents = [...registry.documents, await alliance.sign('table', table)];
  },
  newOffer: (registry: Registry, trust: AllianceTrust, pick: number) => renew('offer', registry, trust, pick),
  newAgreement: (registry: Registry, trust: AllianceTrust, pick: number) => renew('agreement', registry, trust, pick),
  newPartner: (registry: Registry, trust: AllianceTrust, pick: number) => renew('partner', registry, trust, pick),
  renameScheme: async (registry: Registry, trust: AllianceTrust, pick: number) => {
    const schemes = published('scheme', registry, trust);
    if (schemes.length === 0) return;
    const scheme = among(schemes, pick);
    const { type: _, ...content } = scheme.payload;
    replace(scheme, registry, await alliance.sign('scheme', { ...content, name: { zh: `第${pick}号` } }));
  },
  drop: async (registry: Registry, trust: AllianceTrust, pick: number) => {
    registry.documents = without(registry.documents, among([...trust.documents.values()], pick));
  },
  compromise: (registry: Registry, trust: AllianceTrust, pick: number) =>
    changeMember(registry, trust, pick, 'compromised'),
  retire: (registry: Registry, trust: AllianceTrust, pick: number) => changeMember(registry, trust, pick, 'retired'),
  reinstate: (registry: Registry, trust: AllianceTrust, pick: number) => changeMember(registry, trust, pick, 'active'),
  remove: (registry: Registry, trust: AllianceTrust, pick: number) => changeMember(registry, trust, pick, 'removed'),
  suspend: async (registry: Registry, trust: AllianceTrust, pick: number) => {
    registry.suspended = [...new Set([...registry.suspended, among([...trust.documents.keys()], pick)])];
  },
  lift: async (registry: Registry) => {
    registry.suspended = [];
  },
  signByThirdOfficer: (registry: Registry, trust: AllianceTrust, pick: number) =>
    signAlso(registry, trust, pick, alliance.keys.officers[2]),
  signByStranger: (registry: Registry, trust: AllianceTrust, pick: number) => signAlso(registry, trust, pick, stranger),
  forge: (registry: Registry, trust: AllianceTrust, pick: number) =>
    signAlso(registry, trust, pick, { ...stranger, kid: alliance.keys.officers[2].kid }),
  exchangeOfficers: async (registry: Registry, _: AllianceTrust, pick: number) => {
    registry.epoch += 1;
    registry.officers = among(
      [
        [0, 1, 2],
        [0, 1],
        [1, 2],
        [0, 2],
      ],
      pick,
    );
  },
  reorder: async (registry: Registry) => {
    registry.documents = registry.documents.toReversed();
  },
} as const;

async function publish(registry: Registry, trust: AllianceTrust): Promise<Bundle> {
  const { epoch, documents, suspended } = registry;
  const isNew = epoch !== trust.epoch;
  const officers = registry.officers.map((index) => {
    const key = alliance.keys.officers[index];
    if (key === undefined) throw new RangeError('three officers');
    return { jwk: key.publicJwk, alg: 'ES256' as const, organisation: `officer-${index + 1}` };
  });
  const bundle = await alliance.headAt(NOW, {
    documents,
    delegation: { epoch, officers },
    round: { round: isNew ? 1 : trust.round + 1, suspended: [...suspended].toSorted() },
    head: { seq: isNew ? 1 : trust.seq + 1, prev: isNew ? '' : trust.headDigest },
  });
  // By all three, so that any two who are delegated will do.
  return { ...bundle, round: await addSignature(bundle.round, 'round', alliance.keys.officers[2], nodeCrypto) };
}

/** As a gate hands it over: the digests, and only what differs from what it holds. */
async function differenceOf(bundle: Bundle, { documents }: AllianceTrust): Promise<NextBundle> {
  const held = new Set([...documents.values()].map(({ signed }) => signed));
  const digests = await Promise.all(bundle.documents.map((document) => documentDigest(document, nodeCrypto)));
  const fresh = bundle.documents.filter((document) => !held.has(document));
  return { ...bundle, documents: fresh, digests: new Set(digests) };
}

/** Lists what it holds, so that continuity can be asked, and finds none of it. */
class Forgetful extends Map<string, AnyHeldDocument> {
  override get(): undefined {
    return undefined;
  }
}

/** The same trust without anything by which a document, signature or key could be known again. */
function forgetful(trust: AllianceTrust): AllianceTrust {
  return { ...trust, documents: new Forgetful(trust.documents), key: () => undefined, keysOf: () => undefined };
}

/** All that a trust says. */
function told(outcome: BundleOutcome) {
  if (!outcome.ok) return outcome;
  const { documents, suspended, ...trust } = outcome.value;
  return {
    ...Object.fromEntries(Object.entries(trust).filter(([, value]) => typeof value !== 'function')),
    suspended: [...suspended].toSorted(),
    documents: [...documents.values()].map(({ footing: { owners, others, panel }, ...document }) => ({
      ...document,
      signatures: undefined,
      footing: [[...owners, ...others].map(({ digest, suspended: isOff }) => [digest, isOff]), panel],
    })),
    keys: [...documents.values()].map(({ digest }) =>
      trust.keysOf(digest)?.map((key) => [{ ...key, verificationKey: undefined }, trust.key(key.kid)?.digest]),
    ),
    tables: alliance.plan.schemes.map(({ id, fingerprint }) =>
      trust.tableVersions(id, fingerprint).map(({ digest, suspended: isOff }) => [digest, isOff]),
    ),
  };
}

const changes = fc.array(
  fc.record({
    kind: fc.constantFrom(...(Object.keys(CHANGES) as (keyof typeof CHANGES)[])),
    pick: fc.nat(1_000),
  }),
  { minLength: 1, maxLength: 3 },
);

describe('the next bundle, taken with what is held (docs/wire.md, Head and Standing)', () => {
  /** Plays a history three times over: by what differs from what is held, whole with all of it known, whole with nothing known. */
  async function play(history: readonly (readonly Change[])[]): Promise<readonly string[]> {
    const first = await acceptBundle({ anchor: alliance.anchor, bundle: alliance.bundle }, nodeCrypto);
    if (!first.ok) throw new Error(first.fault);
    let [held, heldWhole, heldAnew] = [first.value, first.value, first.value];
    let registry: Registry = {
      documents: alliance.bundle.documents,
      suspended: [],
      officers: [0, 1, 2],
      epoch: 1,
      version: 1,
    };
    const results: string[] = [];
    for (const step of history) {
      const next = { ...registry };
      for (const { kind, pick } of step) await CHANGES[kind](next, held, pick);
      const bundle = await publish(next, held);
      const bytes = JSON.parse(JSON.stringify(bundle)) as Bundle;
      const take = (given: NextBundle, after: AllianceTrust) =>
        acceptBundle({ anchor: alliance.anchor, bundle: given, held: after }, nodeCrypto);
      const taken = await take(await differenceOf(bundle, held), held);
      const whole = await take(bytes, heldWhole);
      const anew = await take(bytes, forgetful(heldAnew));
      expect(told(taken)).toEqual(told(anew));
      expect(told(whole)).toEqual(told(anew));
      results.push(taken.ok ? 'accepted' : taken.fault);
      if (!taken.ok || !whole.ok || !anew.ok) continue;
      [held, heldWhole, heldAnew, registry] = [taken.value, whole.value, anew.value, next];
    }
    return results;
  }

  it('gives the same trust or the same refusal as one verified from its bytes alone, whatever changed before', async () => {
    const seen: string[] = [];
    const histories = fc.array(changes, { minLength: 1, maxLength: 8 });
    const property = fc.asyncProperty(histories, async (history) => {
      seen.push(...(await play(history)));
    });
    await fc.assert(property, { numRuns: 60 });
    // The histories are worth something only if they lead somewhere.
    expect(seen.filter((result) => result === 'accepted').length).toBeGreaterThan(30);
    expect(new Set(seen).size).toBeGreaterThan(4);
  });

  it('verifies a signature that was ignored as soon as its key is listed', async () => {
    const withoutThird = { kind: 'exchangeOfficers', pick: 1 } as const;
    const withThird = { kind: 'exchangeOfficers', pick: 0 } as const;
    const forge = { kind: 'forge', pick: 0 } as const;
    const sign = { kind: 'signByThirdOfficer', pick: 0 } as const;
    expect(await play([[withoutThird, forge], [withThird]])).toEqual(['accepted', 'SIGNATURE_INVALID']);
    expect(await play([[withoutThird, sign], [withThird]])).toEqual(['accepted', 'accepted']);
  });

  it('silences at once what a key signed that turns out compromised, and the keys of a suspended owner', async () => {
    const nothing = { kind: 'nothing', pick: 0 } as const;
    for (const kind of ['compromise', 'suspend'] as const)
      for (const pick of [0, 1, 2])
        expect(await play([[nothing], [{ kind, pick }], [nothing]])).toEqual(['accepted', 'accepted', 'accepted']);
  });

  it('counts the signatures of a document again as soon as anything that it rests on is suspended, and when that is lifted', async () => {
    const lift = { kind: 'lift', pick: 0 } as const;
    for (const pick of alliance.bundle.documents.keys())
      expect(await play([[{ kind: 'suspend', pick }], [lift]])).toEqual(['accepted', 'accepted']);
  });

  it('counts them again under other officers, and over another agreement, partner or scheme', async () => {
    const withoutSecond = { kind: 'exchangeOfficers', pick: 3 } as const;
    expect(await play([[withoutSecond]])).toEqual(['SIGNATURES_MISSING']);
    for (const kind of ['newAgreement', 'newPartner'] as const)
      expect(await play([[{ kind, pick: 0 }], [{ kind, pick: 1 }]])).toEqual(['accepted', 'accepted']);
    const rename = { kind: 'renameScheme', pick: 0 } as const;
    const sameOfficers = { kind: 'exchangeOfficers', pick: 0 } as const;
    expect(await play([[rename]])).toEqual(['VERSION_REUSED']);
    expect(await play([[rename, sameOfficers], [{ kind: 'suspend', pick: 6 }]])).toEqual(['accepted', 'accepted']);
  });

  it('is refused as a difference that leaves out what stands, or keeps what does not: all under the docs_root must be there', async () => {
    const first = await acceptBundle({ anchor: alliance.anchor, bundle: alliance.bundle }, nodeCrypto);
    if (!first.ok) throw new Error(first.fault);
    const held = first.value;
    const registry = { documents: alliance.bundle.documents, suspended: [], officers: [0, 1, 2], epoch: 1, version: 1 };
    await CHANGES.newOffer(registry, held, 0);
    const given = await differenceOf(await publish(registry, held), held);
    const take = (bundle: NextBundle, after?: AllianceTrust) =>
      acceptBundle({ anchor: alliance.anchor, bundle, held: after }, nodeCrypto);
    const wrong = { ok: false, fault: 'DOCS_ROOT_WRONG', at: 'documents' };
    expect(given.documents).toHaveLength(1);
    expect(await take(given, held)).toMatchObject({ ok: true });
    expect(await take(given)).toEqual(wrong);
    expect(await take({ ...given, documents: [] }, held)).toEqual(wrong);
    expect(await take({ ...given, digests: new Set(held.documents.keys()) }, held)).toEqual(wrong);
    expect(await take({ ...given, digests: new Set() }, held)).toEqual(wrong);
  });

  it('costs the cryptography of what is new: six signatures, and those of the document that changed', async () => {
    const count = { verify: 0, importPublicKey: 0, sha256: 0 };
    const port: CryptoPort = {
      ...nodeCrypto,
      verify: (...input) => ((count.verify += 1), nodeCrypto.verify(...input)),
      importPublicKey: (...input) => ((count.importPublicKey += 1), nodeCrypto.importPublicKey(...input)),
      sha256: (...input) => ((count.sha256 += 1), nodeCrypto.sha256(...input)),
    };
    const first = await acceptBundle({ anchor: alliance.anchor, bundle: alliance.bundle }, nodeCrypto);
    if (!first.ok) throw new Error(first.fault);
    const registry = { documents: alliance.bundle.documents, suspended: [], officers: [0, 1, 2], epoch: 1, version: 1 };
    await CHANGES.newTable(registry, first.value, 0);
    const bundle = await publish(registry, first.value);
    const given = await differenceOf(bundle, first.value);
    const next = await acceptBundle({ anchor: alliance.anchor, bundle: given, held: first.value }, port);
    expect(next).toMatchObject({ ok: true });
    // Delegation, round and head; the table by its county and two officers.
    expect(count.verify).toBe(2 + 3 + 1 + 3);
    // Roots, officers and online key have their names and imports by the delegation, which is read anew.
    expect(count.importPublicKey).toBeLessThanOrEqual(2 + 1 + 3);
    // Their seven names, three documents, the head, the docs_root.
    expect(count.sha256).toBe(7 + 3 + 1 + 1);
  });
});
