import { beforeAll, describe, expect, it } from '@jest/globals';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildAlliance, SMALL_ALLIANCE, type BuiltAlliance } from '#libs/testing';
import { acceptBundle } from './accept-bundle.js';
import type { AllianceTrust } from './alliance-trust.js';
import { docsRoot } from './docs-root.js';
import { signHead } from './head.js';
import { nextHead, nextRound, suspendedUnder, type HeadPlan } from './next-round.js';
import { signDocument } from './signed-document.js';

const NOW = 1_795_000_000;
let alliance: BuiltAlliance;
let first: AllianceTrust;
beforeAll(async () => {
  alliance = await buildAlliance(SMALL_ALLIANCE, NOW);
  const outcome = await acceptBundle({ anchor: alliance.anchor, bundle: alliance.bundle }, nodeCrypto);
  if (!outcome.ok) throw new Error(outcome.fault);
  first = outcome.value;
});

async function acceptedHead(held: AllianceTrust, plan: HeadPlan): Promise<AllianceTrust> {
  const payload = nextHead(held.roundPayload, held, plan);
  const head = await signHead(payload, alliance.keys.online, nodeCrypto);
  const bundle = { ...alliance.bundle, head };
  const outcome = await acceptBundle({ anchor: alliance.anchor, bundle, held }, nodeCrypto);
  if (!outcome.ok) throw new Error(outcome.fault);
  return outcome.value;
}

describe('docs_root (docs/wire.md)', () => {
  it('does not depend on the order given, and on nothing but the digests', async () => {
    const digests = [...first.documents.keys()];
    expect(await docsRoot(digests, nodeCrypto)).toBe(first.docsRoot);
    expect(await docsRoot(digests.toReversed(), nodeCrypto)).toBe(first.docsRoot);
    expect(await docsRoot(digests.slice(1), nodeCrypto)).not.toBe(first.docsRoot);
  });

  it('is the SHA-256 of the sorted digests joined by line feeds', async () => {
    const expected = Buffer.from(await nodeCrypto.sha256('A\nB\na')).toString('base64url');
    expect(await docsRoot(['a', 'B', 'A'], nodeCrypto)).toBe(expected);
  });
});

describe('the next head (docs/wire.md, Head)', () => {
  it('follows the last one, dated anew, and is accepted', async () => {
    const next = await acceptedHead(first, { now: NOW + 3_600, lifetimeSeconds: 600 });
    expect([next.seq, next.headIat, next.expiresAt]).toEqual([2, NOW + 3_600, NOW + 4_200]);
  });

  it('keeps every suspension of the round and of the heads before, and adds', async () => {
    const [one, two] = [...first.documents.keys()];
    if (one === undefined || two === undefined) throw new Error('documents');
    const suspending = await acceptedHead(first, { now: NOW + 10, lifetimeSeconds: 600, suspend: [two] });
    const both = await acceptedHead(suspending, { now: NOW + 20, lifetimeSeconds: 600, suspend: [one, two] });
    expect([...both.suspended].toSorted()).toEqual([one, two].toSorted());
    expect(suspendedUnder(both.roundPayload, both)).toEqual([one, two].toSorted());
    expect(suspendedUnder({ ...both.roundPayload, round: 2 }, both)).toEqual([]);
    expect(suspendedUnder({ ...both.roundPayload, suspended: [one] }, undefined)).toEqual([one]);
  });

  it('begins an epoch with seq 1 and no prev', () => {
    const round = { ...first.roundPayload, epoch: 2 };
    const head = nextHead(round, first, { now: NOW, lifetimeSeconds: 600 });
    expect(head).toMatchObject({ epoch: 2, seq: 1, prev: '' });
    expect(nextHead(first.roundPayload, undefined, { now: NOW, lifetimeSeconds: 600 })).toMatchObject({ seq: 1 });
  });

  it('never outlives its round, nor seven days', () => {
    const round = { ...first.roundPayload, exp: NOW + 100 };
    expect(nextHead(round, first, { now: NOW, lifetimeSeconds: 600 }).exp).toBe(NOW + 100);
    expect(() => nextHead(round, first, { now: NOW + 100, lifetimeSeconds: 600 })).toThrow(RangeError);
    const week = 7 * 86_400;
    expect(nextHead(first.roundPayload, first, { now: NOW, lifetimeSeconds: week }).exp).toBe(NOW + week);
    for (const lifetimeSeconds of [week + 1, 0, Number.NaN])
      expect(() => nextHead(first.roundPayload, first, { now: NOW, lifetimeSeconds })).toThrow(RangeError);
  });

  it('is not made for an older round, or beyond the last seq', () => {
    const plan = { now: NOW, lifetimeSeconds: 600 };
    expect(() => nextHead(first.roundPayload, { ...first, round: 2 }, plan)).toThrow(RangeError);
    expect(() => nextHead(first.roundPayload, { ...first, epoch: 2 }, plan)).toThrow(RangeError);
    expect(() => nextHead(first.roundPayload, { ...first, seq: Number.MAX_SAFE_INTEGER }, plan)).toThrow(RangeError);
  });

  it('is signed in its own form only', async () => {
    const payload = nextHead(first.roundPayload, first, { now: NOW, lifetimeSeconds: 600 });
    await expect(signHead({ ...payload, exp: payload.iat }, alliance.keys.online, nodeCrypto)).rejects.toThrow(
      TypeError,
    );
  });
});

describe('the next round (design §4.5)', () => {
  it('names documents and suspensions, counts on, and lifts what it leaves out', async () => {
    const [one] = [...first.documents.keys()];
    if (one === undefined) throw new Error('documents');
    const suspending = await acceptedHead(first, { now: NOW + 10, lifetimeSeconds: 600, suspend: [one] });
    const digests = [...first.documents.keys()];
    const plan = { epoch: 1, previousRound: 1, now: NOW + 20, lifetimeSeconds: 86_400, digests, suspended: [] };
    const content = await nextRound(plan, nodeCrypto);
    expect(content).toMatchObject({ round: 2, iat: NOW + 20, exp: NOW + 86_420, docs_root: first.docsRoot });
    const round = await signDocument('round', content, alliance.keys.officers.slice(1), nodeCrypto);
    const payload = nextHead({ type: 'round', ...content }, suspending, { now: NOW + 30, lifetimeSeconds: 600 });
    const head = await signHead(payload, alliance.keys.online, nodeCrypto);
    const bundle = { ...alliance.bundle, round, head };
    const outcome = await acceptBundle({ anchor: alliance.anchor, bundle, held: suspending }, nodeCrypto);
    expect(outcome).toMatchObject({ ok: true, value: { round: 2, seq: 3, suspended: new Set() } });
  });

  it('is the first of its epoch without a previous one', async () => {
    const plan = {
      epoch: 3,
      previousRound: undefined,
      now: NOW,
      lifetimeSeconds: 60,
      digests: [],
      suspended: ['b', 'a', 'a'],
    };
    expect(await nextRound(plan, nodeCrypto)).toMatchObject({ epoch: 3, round: 1, suspended: ['a', 'b'] });
  });
});
