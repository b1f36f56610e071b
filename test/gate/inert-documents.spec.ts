import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addSignature, documentDigest, readDocument, type RoundPayload, type SignedDocument } from '#libs/alliance';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildAlliance, generateTestKey, waitFor, type TestKey } from '#libs/testing';
import { GATE_PLAN, gateWorld, NOW, type GateWorld, type TestGate } from './gate-world.js';

/** With them, more rests on the partner and its host than a gate fetches one by one. */
const MANY_OFFERS = Array.from({ length: 70 }, (_, index) => ({
  id: `more-${index}`,
  partner: 'spot',
  agreement: 'lv',
}));

/** Partners and offers of the plan itself, all under the one host. */
const FEW = 11;

let world: GateWorld;
let gate: TestGate;
let newKey: TestKey;
let seq: number;

async function begin(offers: typeof MANY_OFFERS): Promise<void> {
  const plan = { ...GATE_PLAN, offers: [...(GATE_PLAN.offers ?? []), ...offers] };
  world = await gateWorld({ alliance: await buildAlliance(plan, NOW - 120) });
  gate = await world.start();
  newKey = await generateTestKey();
  seq = 2;
}
afterEach(() => world.stop());

interface Next {
  readonly documents?: readonly SignedDocument[];
  readonly round?: Partial<RoundPayload>;
  readonly suspended?: readonly string[];
}

/** Publishes the next head and waits until the gate has it; resolves to what the gate has fetched for it besides. */
async function take({ documents, round, suspended }: Next): Promise<readonly string[]> {
  const { alliance, upstream } = world;
  // No head names the one right before it.
  seq += 2;
  const bundle = await alliance.headAt(NOW - 30, {
    documents: documents ?? alliance.bundle.documents,
    round: { suspended: [], ...round },
    head: { seq, suspended: suspended ?? [] },
  });
  upstream.asked.length = 0;
  await upstream.publish(bundle);
  await waitFor(async () => (await gate.trust()).seq === seq);
  return upstream.asked.filter((path) => path === '/v1/bundle' || path.startsWith('/v1/documents/'));
}

const verdict = async (): Promise<string> => (await gate.scan(await world.qr(await world.proof()))).body.verdict;

/** The next version of the host county, whose statement key is compromised; all other documents as they were. */
async function hostCompromised(): Promise<readonly [string, readonly SignedDocument[]]> {
  const { alliance } = world;
  const plan = alliance.plan.members[1]!;
  const keys = plan.keys.map((key) => (key.purpose === 'statement' ? { ...key, status: 'compromised' as const } : key));
  const added = { jwk: newKey.publicJwk, alg: 'ES256', purpose: 'statement', status: 'active' } as const;
  const member = await alliance.sign('member', { ...plan, version: 2, keys: [...keys, added] });
  const old = await alliance.digestOf('member', plan.id);
  const documents: SignedDocument[] = [member];
  for (const document of alliance.bundle.documents)
    if ((await documentDigest(document, nodeCrypto)) !== old) documents.push(document);
  return [await documentDigest(member, nodeCrypto), documents];
}

/** The host signs its partners and their offers with its new key; the digests stay. */
function signedAnew(documents: readonly SignedDocument[]): Promise<readonly SignedDocument[]> {
  return Promise.all(
    documents.map(async (document) => {
      const read = await readDocument(document, nodeCrypto);
      if (!read.ok) throw new Error(read.fault);
      const { type } = read.value;
      return type === 'partner' || type === 'offer' ? addSignature(document, type, newKey, nodeCrypto) : document;
    }),
  );
}

describe('documents that say nothing (docs/wire.md, Standing), more than a gate fetches one by one', () => {
  beforeEach(() => begin(MANY_OFFERS));

  it('because what they rest on is suspended are not fetched with any head, and count again when that is lifted', async () => {
    const partner = await world.alliance.digestOf('partner', 'spot');
    expect(await take({ suspended: [partner] })).toEqual([]);
    expect(await verdict()).not.toBe('granted');
    expect(await take({ suspended: [partner] })).toEqual([]);
    // They may have been signed anew meanwhile.
    expect(await take({ round: { round: 2 } })).toEqual(['/v1/bundle']);
    expect(await verdict()).toBe('granted');
    expect(await take({ round: { round: 2 } })).toEqual([]);
  });

  it('for want of a signature are asked for once in a round, which follows when they have been signed anew', async () => {
    const [member, documents] = await hostCompromised();
    const signed = await signedAnew(documents);
    expect(await take({ documents, round: { round: 2 } })).toEqual([`/v1/documents/${member}`]);
    expect(await take({ documents, round: { round: 2 } })).toEqual(['/v1/bundle']);
    expect(await take({ documents, round: { round: 2 } })).toEqual([]);
    expect(await take({ documents: signed, round: { round: 2 } })).toEqual([]);
    expect(await verdict()).not.toBe('granted');
    expect(await take({ documents: signed, round: { round: 3 } })).toEqual(['/v1/bundle']);
    expect(await verdict()).toBe('granted');
    expect(await take({ documents: signed, round: { round: 3 } })).toEqual([]);
  });

  it('and were signed anew for the very round that made them so: are taken with the next head', async () => {
    const [, documents] = await hostCompromised();
    const signed = await signedAnew(documents);
    await take({ documents: signed, round: { round: 2 } });
    expect(await take({ documents: signed, round: { round: 2 } })).toEqual(['/v1/bundle']);
    expect(await verdict()).toBe('granted');
  });
});

describe('documents that say nothing, a few', () => {
  beforeEach(() => begin([]));

  it('for want of a signature are fetched with every head, and by themselves', async () => {
    const [, documents] = await hostCompromised();
    await take({ documents, round: { round: 2 } });
    const fetched = await take({ documents, round: { round: 2 } });
    expect(fetched).toHaveLength(FEW);
    expect(fetched).not.toContain('/v1/bundle');
    expect(await take({ documents: await signedAnew(documents), round: { round: 2 } })).toEqual(fetched);
    expect(await verdict()).toBe('granted');
  });

  it('and are suspended as well: are fetched when that is lifted, with the signatures that came meanwhile', async () => {
    const [member, documents] = await hostCompromised();
    const suspended = [member];
    await take({ documents, round: { round: 2, suspended }, suspended });
    const signed = await signedAnew(documents);
    expect(await take({ documents: signed, round: { round: 2, suspended }, suspended })).toEqual([]);
    expect(await take({ documents: signed, round: { round: 3 } })).toHaveLength(FEW);
    expect(await verdict()).toBe('granted');
  });
});
