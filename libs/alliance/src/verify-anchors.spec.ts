import { beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject, Signer } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildAlliance, generateTestKey, SMALL_ALLIANCE, type BuiltAlliance, type TestKey } from '#libs/testing';
import { acceptBundle } from './accept-bundle.js';
import type { AllianceTrust } from './alliance-trust.js';
import { MAX_ANCHORS, parseAnchor, parseBundle, type Bundle } from './bundle.js';
import type { Anchor } from './payloads.js';
import { addSignature, signDocument, type SignedDocument } from './signed-document.js';
import { verifyAnchors } from './verify-anchors.js';

const NOW = 1_795_000_000;
let alliance: BuiltAlliance;
let old: readonly [TestKey, TestKey, TestKey];
/** Keys of the roots of version 2 and of version 3. */
let second: readonly TestKey[];
let third: readonly TestKey[];
/** Versions 2 and 3, signed by everybody who must. */
let anchors: readonly [SignedDocument, SignedDocument];
beforeAll(async () => {
  alliance = await buildAlliance(SMALL_ALLIANCE, NOW);
  old = alliance.keys.roots;
  second = await threeKeys();
  third = await threeKeys();
  anchors = [
    await sign(2, second, [old[0], old[2], ...second.slice(0, 2)]),
    await sign(3, third, [...second.slice(1), ...third.slice(0, 2)]),
  ];
});

async function threeKeys(): Promise<readonly TestKey[]> {
  return [await generateTestKey(), await generateTestKey(), await generateTestKey()];
}

function rootsOf(keys: readonly TestKey[]): Anchor['keys'] {
  return keys.map(({ publicJwk }, index) => ({
    jwk: publicJwk,
    alg: 'ES256' as const,
    organisation: `root-${index + 1}`,
  }));
}

function sign(version: number, keys: readonly TestKey[], signers: readonly Signer[]): Promise<SignedDocument> {
  const content = { version, iat: NOW, threshold: 2, keys: rootsOf(keys) };
  return signDocument('anchor', content, signers, nodeCrypto);
}

/** The version that the chain leads to, or why it leads nowhere. */
async function led(held: Anchor, chain: readonly SignedDocument[]): Promise<number | string> {
  const outcome = await verifyAnchors(held, chain, nodeCrypto);
  return outcome.ok ? outcome.value.anchor.version : outcome.fault;
}

const heldAt = (version: number, keys: readonly TestKey[]): Anchor => ({ version, threshold: 2, keys: rootsOf(keys) });

describe('a new anchor (design §4.5: signed by the old and new thresholds)', () => {
  it('follows the pinned one, one version after the other', async () => {
    expect(await led(alliance.anchor, [])).toBe(1);
    expect(await led(alliance.anchor, anchors.slice(0, 1))).toBe(2);
    expect(await verifyAnchors(alliance.anchor, anchors, nodeCrypto)).toEqual({
      ok: true,
      value: { anchor: heldAt(3, third), followed: anchors },
    });
    expect(await verifyAnchors(heldAt(2, second), anchors, nodeCrypto)).toMatchObject({
      value: { followed: [anchors[1]] },
    });
  });

  it('is passed over where it is held already, and never comes back', async () => {
    expect(await led(heldAt(2, second), anchors)).toBe(3);
    expect(await led(heldAt(3, third), anchors)).toBe(3);
    expect(await led(heldAt(3, third), anchors.slice(0, 1))).toBe(3);
  });

  it('is exactly the next version', async () => {
    expect(await led(alliance.anchor, anchors.slice(1))).toBe('ANCHOR_GAP');
    expect(await led(alliance.anchor, [anchors[1], anchors[0]])).toBe('ANCHOR_GAP');
    expect(await led(heldAt(1, old), [anchors[0], await sign(4, third, [...second, ...third])])).toBe('ANCHOR_GAP');
    expect(await led(alliance.anchor, [await sign(3, second, [...old, ...second])])).toBe('ANCHOR_GAP');
  });

  it.each<[string, () => readonly Signer[], string | number]>([
    ['both thresholds', () => [old[0], old[1], ...second.slice(0, 2)], 2],
    ['all of either', () => [...old, ...second], 2],
    ['one old root', () => [old[0], ...second], 'SIGNATURES_MISSING'],
    ['one new root', () => [...old, second[0]!], 'SIGNATURES_MISSING'],
    ['the old ones alone', () => old, 'SIGNATURES_MISSING'],
    ['the new ones alone', () => second, 'SIGNATURES_MISSING'],
    ['officers', () => [...alliance.keys.officers, ...second], 'SIGNATURES_MISSING'],
  ])('is signed by both thresholds: %s', async (_, signers, expected) => {
    expect(await led(alliance.anchor, [await sign(2, second, signers())])).toBe(expected);
  });

  it('counts a root that stays once in each panel', async () => {
    const mixed = [old[0], ...second.slice(0, 2)];
    expect(await led(alliance.anchor, [await sign(2, mixed, [old[0], old[1], second[0]!])])).toBe(2);
    expect(await led(alliance.anchor, [await sign(2, mixed, [old[0], second[0]!])])).toBe('SIGNATURES_MISSING');
  });

  it('takes organisations, not keys', async () => {
    const [first, other, last] = rootsOf(second);
    if (!first || !other || !last) throw new Error('three roots');
    const keys = [first, { ...other, organisation: first.organisation }, last];
    const content = { version: 2, iat: NOW, threshold: 2, keys };
    const signed = (signers: readonly Signer[]) => signDocument('anchor', content, signers, nodeCrypto);
    expect(await led(alliance.anchor, [await signed([...old, second[0]!, second[1]!])])).toBe('SIGNATURES_MISSING');
    expect(await led(alliance.anchor, [await signed([...old, second[0]!, second[2]!])])).toBe(2);
  });

  it('is refused with an invalid signature of a listed root, and as another type', async () => {
    const [signature = ''] = anchors[1].signatures;
    const forged = { ...anchors[0], signatures: [signature, ...anchors[0].signatures] };
    expect(await led(alliance.anchor, [forged])).toBe('SIGNATURE_INVALID');
    expect(await led(alliance.anchor, [alliance.bundle.delegation])).toBe('DOCUMENT_TYPE_WRONG');
  });

  it('has a form: version from 2 on, a threshold that its organisations can meet and two thresholds fit', async () => {
    const content = { version: 2, iat: NOW, threshold: 2, keys: rootsOf(second) };
    const keys = await Promise.all(Array.from({ length: 9 }, () => generateTestKey()));
    const wrong = [{ version: 1 }, { threshold: 1 }, { threshold: 4 }, { threshold: 9, keys: rootsOf(keys) }];
    for (const change of wrong)
      await expect(signDocument('anchor', { ...content, ...change }, [], nodeCrypto)).rejects.toThrow(TypeError);
  });
});

describe('a pinned anchor', () => {
  it('has version 1 where the file does not say', () => {
    const { threshold, keys } = JSON.parse(JSON.stringify(alliance.anchor)) as { threshold: number; keys: [] };
    expect(parseAnchor({ threshold, keys })).toMatchObject({ ok: true, value: { version: 1 } });
    expect(parseAnchor({ version: 7, threshold, keys })).toMatchObject({ ok: true, value: { version: 7 } });
    expect(parseAnchor({ version: 0, threshold, keys })).toEqual({ ok: false, fault: 'ANCHOR_MALFORMED' });
  });
});

describe('a bundle whose roots were rotated', () => {
  let rotated: Bundle;
  beforeAll(async () => {
    let { delegation } = alliance.bundle;
    for (const signer of second.slice(0, 2))
      delegation = await addSignature(delegation, 'delegation', signer, nodeCrypto);
    rotated = { ...(await alliance.headAt(NOW + 60)), delegation, anchors: [anchors[0]] };
  });

  async function outcome(bundle: Bundle, held?: AllianceTrust, anchor = alliance.anchor): Promise<string> {
    const accepted = await acceptBundle({ anchor, bundle, held }, nodeCrypto);
    return accepted.ok ? `anchor ${accepted.value.anchor.version}` : `${accepted.fault} at ${accepted.at}`;
  }

  async function trust(bundle: Bundle, held?: AllianceTrust): Promise<AllianceTrust> {
    const accepted = await acceptBundle({ anchor: alliance.anchor, bundle, held }, nodeCrypto);
    if (!accepted.ok) throw new Error(accepted.fault);
    return accepted.value;
  }

  it('needs no new epoch: the same delegation carries the signatures of old and new roots side by side', async () => {
    const held = await trust(alliance.bundle);
    expect(held.anchor).toEqual(alliance.anchor);
    const next = await trust(rotated, held);
    expect(next).toMatchObject({ epoch: 1, seq: 2, anchor: heldAt(2, second) });
    expect(next.delegationDigest).toBe(held.delegationDigest);
    const { anchors: _, ...without } = rotated;
    expect(await outcome(without, held)).toBe('anchor 1');
    expect(await outcome(rotated, undefined, heldAt(2, second))).toBe('anchor 2');
  });

  it('is refused while the new roots have not signed the delegation', async () => {
    const { delegation } = alliance.bundle;
    expect(await outcome({ ...rotated, delegation })).toBe('SIGNATURES_MISSING at delegation');
  });

  it('leaves the old roots without any power at who has seen it, also where the chain is withheld', async () => {
    const held = await trust(rotated);
    const { anchors: _, ...withheld } = rotated;
    expect(await outcome(withheld, held)).toBe('anchor 2');
    const stolen = await alliance.headAt(NOW + 90, { delegation: { epoch: 2 }, head: { seq: 1, prev: '' } });
    expect(await outcome(stolen, await trust(alliance.bundle))).toBe('anchor 1');
    expect(await outcome(stolen, held)).toBe('SIGNATURES_MISSING at delegation');
    const takeover = await sign(2, third, [...old, ...third]);
    expect(await outcome({ ...stolen, anchors: [takeover] }, held)).toBe('SIGNATURES_MISSING at delegation');
    const next = await sign(3, third, [...old, ...third]);
    expect(await outcome({ ...stolen, anchors: [next] }, held)).toBe('SIGNATURES_MISSING at anchors');
  });

  it('gives a new root no second purpose', async () => {
    const [officer, ...others] = alliance.keys.officers;
    const shared = await sign(2, [officer, ...second.slice(0, 2)], [...old, officer, second[0]!]);
    let { delegation } = rotated;
    delegation = await addSignature(delegation, 'delegation', officer, nodeCrypto);
    expect(others).toHaveLength(2);
    expect(await outcome({ ...rotated, delegation, anchors: [shared] })).toBe('KEY_SHARED at delegation');
  });

  it('carries a chain of bounded length', () => {
    const json = JSON.parse(JSON.stringify(rotated)) as JsonObject;
    const chain = (length: number) =>
      Array.from({ length }, () => ({ ...anchors[0], signatures: [...anchors[0].signatures] }));
    expect(parseBundle({ ...json, anchors: chain(1) }).ok).toBe(true);
    expect(parseBundle({ ...json, anchors: chain(MAX_ANCHORS + 1) })).toEqual({
      ok: false,
      fault: 'BUNDLE_MALFORMED',
    });
  });
});
