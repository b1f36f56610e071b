import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { addSignature, signDocument, type Anchor, type Bundle, type SignedDocument } from '#libs/alliance';
import type { Signer } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { generateTestKey, waitFor, type BundleChange, type TestKey } from '#libs/testing';
import { gateWorld, NOW, type GateWorld, type TestGate } from './gate-world.js';

let world: GateWorld;
/** The same alliance, at a gate that will be deceived. */
let other: GateWorld;
/** The roots after the rotation. */
let roots: readonly [TestKey, TestKey, TestKey];
/** The anchor document of version 2. */
let rotation: SignedDocument;
let folder: string;

beforeAll(async () => {
  world = await gateWorld();
  other = await gateWorld({ alliance: world.alliance });
  folder = await mkdtemp(path.join(tmpdir(), 'xinqiao-anchors-'));
  roots = [await generateTestKey(), await generateTestKey(), await generateTestKey()];
  const { keys } = world.alliance;
  rotation = await anchorOf(2, roots, [keys.roots[0], keys.roots[1], roots[0], roots[1]]);
});
afterAll(async () => {
  await world.stop();
  await other.stop();
  await rm(folder, { recursive: true });
});

async function pin(anchor: Anchor): Promise<string> {
  const file = path.join(folder, 'anchor.json');
  await writeFile(file, JSON.stringify(anchor));
  return file;
}

function contentOf(version: number, keys: readonly TestKey[]): Anchor {
  const listed = keys.map(({ publicJwk }, index) => {
    return { jwk: publicJwk, alg: 'ES256' as const, organisation: `root-${index + 1}` };
  });
  return { version, threshold: 2, keys: listed };
}

function anchorOf(version: number, keys: readonly TestKey[], signers: readonly Signer[]): Promise<SignedDocument> {
  return signDocument('anchor', { ...contentOf(version, keys), iat: NOW }, signers, nodeCrypto);
}

/** The bundle with its delegation signed by these too. */
async function cosigned(bundle: Bundle, signers: readonly Signer[]): Promise<Bundle> {
  let { delegation } = bundle;
  for (const signer of signers) delegation = await addSignature(delegation, 'delegation', signer, nodeCrypto);
  return { ...bundle, delegation };
}

/** A later head, as the federation publishes it after the rotation. */
async function rotated(change: BundleChange): Promise<Bundle> {
  const bundle = await cosigned(await world.alliance.headAt(NOW - 30, change), roots.slice(0, 2));
  return { ...bundle, anchors: [rotation] };
}

const untilFault = (gate: TestGate, fault: string) => waitFor(async () => (await gate.trust()).lastFault === fault);
const verdictAt = async (gate: TestGate): Promise<string> =>
  (await gate.scan(await world.qr(await world.proof()))).body.verdict;

describe('a gate when the roots are rotated (design §4.5, docs/adr/0009)', () => {
  it('grants before and after, under the same delegation, and knows the new anchor', async () => {
    const gate = await world.start();
    expect(await gate.trust()).toMatchObject({ anchorVersion: 1, epoch: 1, seq: 1 });
    expect(await verdictAt(gate)).toBe('granted');
    await world.upstream.publish(await rotated({ head: { seq: 2 } }));
    await waitFor(async () => (await gate.trust()).seq === 2);
    expect(await gate.trust()).toMatchObject({ anchorVersion: 2, epoch: 1, lastFault: null });
    expect(await verdictAt(gate)).toBe('granted');
    await gate.close();
  });

  it('fetches no document for an anchor that the old roots have not signed', async () => {
    const gate = await world.start();
    const { keys } = world.alliance;
    const foreign = [await generateTestKey(), await generateTestKey(), await generateTestKey()] as const;
    const forged = await anchorOf(3, foreign, [keys.roots[0], keys.roots[1], ...foreign]);
    world.upstream.asked.length = 0;
    const bundle = await cosigned(await rotated({ delegation: { epoch: 2 }, head: { seq: 1 } }), foreign);
    await world.upstream.publish({ ...bundle, anchors: [rotation, forged] });
    await untilFault(gate, 'SIGNATURES_MISSING');
    expect(world.upstream.asked.filter((each) => each !== '/v1/head' && each.startsWith('/v1/'))).toEqual([]);
    expect(await gate.trust()).toMatchObject({ anchorVersion: 2, epoch: 1, seq: 2 });
    await gate.close();
  });

  it('never goes back to the old roots, across restarts and with the chain withheld', async () => {
    const gate = await world.start({ federationUrl: undefined });
    expect(await gate.trust()).toMatchObject({ anchorVersion: 2, seq: 2, lastFault: null });
    expect(await verdictAt(gate)).toBe('granted');
    await gate.close();
    // Two stolen old roots delegate to keys of their own.
    const online = await generateTestKey();
    const delegation = { epoch: 2, online: { jwk: online.publicJwk, alg: 'ES256' as const } };
    await world.upstream.publish(await world.alliance.headAt(NOW - 20, { online, delegation, head: { seq: 1 } }));
    const again = await world.start();
    await untilFault(again, 'SIGNATURES_MISSING');
    expect(await again.trust()).toMatchObject({ anchorVersion: 2, epoch: 1, seq: 2 });
    await again.close();
  });

  it('begins anew when the newest anchor is pinned by hand, whatever stolen roots have made it take', async () => {
    const gate = await other.start();
    const online = await generateTestKey();
    const epoch = Number.MAX_SAFE_INTEGER;
    const delegation = { epoch, online: { jwk: online.publicJwk, alg: 'ES256' as const } };
    await other.upstream.publish(await other.alliance.headAt(NOW - 20, { online, delegation, head: { seq: 1 } }));
    await waitFor(async () => (await gate.trust()).epoch === epoch);
    await other.upstream.publish(await rotated({ head: { seq: 3 } }));
    await untilFault(gate, 'EPOCH_LOWER');
    await gate.close();
    const anchorFile = await pin(contentOf(2, roots));
    for (const change of [{ anchorFile }, { anchorFile, federationUrl: undefined }]) {
      const again = await other.start(change);
      expect(await again.trust()).toMatchObject({ anchorVersion: 2, epoch: 1, seq: 3, lastFault: null });
      await again.close();
    }
  });

  it('forgets nothing by a wrong file: with the right one again all is as it was', async () => {
    const anchorFile = await pin(contentOf(1, [await generateTestKey(), await generateTestKey()]));
    const astray = await world.start({ anchorFile, federationUrl: undefined });
    expect(await astray.trust()).toMatchObject({ anchorVersion: null });
    await astray.close();
    const again = await world.start({ federationUrl: undefined });
    expect(await again.trust()).toMatchObject({ anchorVersion: 2, epoch: 1, seq: 2 });
    await again.close();
  });
});

describe('stolen roots that rotate as well (docs/adr/0009)', () => {
  let deceived: GateWorld;
  afterEach(() => deceived.stop());

  /** A head of the thief's, under anchors of the thief's: as high as there is, or of the very place of the alliance's own. */
  async function stolen(length: number, place: { readonly epoch: number; readonly seq: number }): Promise<Bundle> {
    const { keys } = world.alliance;
    const [online, ...thieves] = await Promise.all([1, 2, 3, 4].map(() => generateTestKey()));
    if (online === undefined) throw new Error('no key');
    const anchors = [await anchorOf(2, thieves, [keys.roots[0], keys.roots[1], ...thieves])];
    if (length > 1) anchors.push(await anchorOf(3, thieves.toReversed(), thieves));
    const { epoch, seq } = place;
    const delegation = { epoch, online: { jwk: online.publicJwk, alg: 'ES256' as const } };
    // Within the epoch the delegation stays: there the online key is stolen, too.
    const change = epoch === 1 ? {} : { online, delegation };
    const bundle = await world.alliance.headAt(NOW - 25, { ...change, head: { seq } });
    return { ...(await cosigned(bundle, thieves)), anchors };
  }

  it.each([
    [1, { epoch: Number.MAX_SAFE_INTEGER, seq: 1 }],
    [2, { epoch: Number.MAX_SAFE_INTEGER, seq: 1 }],
    [1, { epoch: 1, seq: 3 }],
  ])('are cast off for good by pinning the true anchor, be their chain %i long, %o', async (length, place) => {
    deceived = await gateWorld({ alliance: world.alliance });
    const gate = await deceived.start();
    await deceived.upstream.publish(await stolen(length, place));
    await waitFor(async () => (await gate.trust()).anchorVersion === 1 + length);
    expect(await gate.trust()).toMatchObject(place);
    await gate.close();

    const anchorFile = await pin(contentOf(2, roots));
    await deceived.upstream.publish(await rotated({ head: { seq: 3 } }));
    const own = { anchorVersion: 2, epoch: 1, seq: 3 };
    const recovered = await deceived.start({ anchorFile });
    expect(await recovered.trust()).toMatchObject({ ...own, lastFault: null });
    await recovered.close();
    const offline = await deceived.start({ anchorFile, federationUrl: undefined });
    expect(await offline.trust()).toMatchObject({ ...own, lastFault: null });
    await offline.close();
    await deceived.upstream.publish(await rotated({ head: { seq: 2 } }));
    const behind = await deceived.start({ anchorFile }, async (each) => (await each.trust()).lastFault !== null);
    expect(await behind.trust()).toMatchObject({ ...own, lastFault: 'SEQ_LOWER' });
  });
});
