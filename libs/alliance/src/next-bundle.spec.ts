import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { CryptoPort } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildAlliance, generateTestKey, type AlliancePlan, type BuiltAlliance, type TestKey } from '#libs/testing';
import { acceptBundle, type BundleOutcome } from './accept-bundle.js';
import type { AllianceTrust, AnyHeldDocument } from './alliance-trust.js';
import type { Bundle } from './bundle.js';
import type { KeyStatus } from './payloads.js';
import { addSignature, type SignedDocument } from './signed-document.js';

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
  newOffer: async (registry: Registry, trust: AllianceTrust, pick: number) => {
    const offer = among(published('offer', registry, trust), pick);
    const { type: _, ...content } = offer.payload;
    registry.version += 1;
    replace(offer, registry, await alliance.sign('offer', { ...content, version: registry.version }));
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
  return alliance.headAt(NOW, {
    documents,
    delegation: { epoch, officers },
    round: { round: isNew ? 1 : trust.round + 1, suspended: [...suspended].toSorted() },
    head: { seq: isNew ? 1 : trust.seq + 1, prev: isNew ? '' : trust.headDigest },
  });
}

/** The same trust without anything by which a document, signature or key could be known again. */
function forgetful(trust: AllianceTrust): AllianceTrust {
  const nothing = { signed: { payload: '', signatures: [] }, signatures: [] };
  const documents = new Map(
    [...trust.documents].map(([digest, document]): [string, AnyHeldDocument] => [digest, { ...document, ...nothing }]),
  );
  return { ...trust, documents, key: () => undefined, keysOf: () => undefined };
}

/** All that a trust says. */
function told(outcome: BundleOutcome) {
  if (!outcome.ok) return outcome;
  const { documents, suspended, ...trust } = outcome.value;
  return {
    ...Object.fromEntries(Object.entries(trust).filter(([, value]) => typeof value !== 'function')),
    suspended: [...suspended].toSorted(),
    documents: [...documents.values()].map((document) => ({ ...document, signatures: undefined })),
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
  /** Plays a history twice over: once with everything held at hand, once from bytes with nothing known. */
  async function play(history: readonly (readonly Change[])[]): Promise<readonly string[]> {
    const first = await acceptBundle({ anchor: alliance.anchor, bundle: alliance.bundle }, nodeCrypto);
    if (!first.ok) throw new Error(first.fault);
    let [held, heldAnew] = [first.value, first.value];
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
      const taken = await acceptBundle({ anchor: alliance.anchor, bundle, held }, nodeCrypto);
      const anew = await acceptBundle(
        { anchor: alliance.anchor, bundle: bytes, held: forgetful(heldAnew) },
        nodeCrypto,
      );
      expect(told(taken)).toEqual(told(anew));
      results.push(taken.ok ? 'accepted' : taken.fault);
      if (!taken.ok || !anew.ok) continue;
      [held, heldAnew, registry] = [taken.value, anew.value, next];
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

  it('costs the cryptography of what is new: five signatures, and those of the document that changed', async () => {
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
    const next = await acceptBundle({ anchor: alliance.anchor, bundle, held: first.value }, port);
    expect(next).toMatchObject({ ok: true });
    // Delegation, round and head; the table by its county and two officers.
    expect(count.verify).toBe(2 + 2 + 1 + 3);
    // Roots, officers and online key have their names and imports by the delegation, which is read anew.
    expect(count.importPublicKey).toBeLessThanOrEqual(2 + 1 + 2);
    // Their seven names, three documents, the head, the docs_root.
    expect(count.sha256).toBe(7 + 3 + 1 + 1);
  });
});
