import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildAlliance, SMALL_ALLIANCE, type BuiltAlliance } from '#libs/testing';
import { acceptBundle } from './accept-bundle.js';
import type { AllianceTrust } from './alliance-trust.js';
import { digestsToName, leavesRoom, restsOnNamed, restsOnNothing } from './name-suspended.js';
import { MAX_SUSPENDED } from './shared-forms.js';

const NOW = 1_795_000_000;
const HOST = 'https://rugao.example';
let alliance: BuiltAlliance;
let trust: AllianceTrust;
beforeAll(async () => {
  alliance = await buildAlliance(SMALL_ALLIANCE, NOW);
  trust = await trustNaming([]);
});

async function trustNaming(suspended: readonly string[]): Promise<AllianceTrust> {
  const bundle = await alliance.headAt(NOW, { head: { suspended } });
  const outcome = await acceptBundle({ anchor: alliance.anchor, bundle }, nodeCrypto);
  if (!outcome.ok) throw new Error(outcome.fault);
  return outcome.value;
}

const toName = (toSuspend: Iterable<string>) => digestsToName(trust.documents.values(), trust, new Set(toSuspend));

/** What a trust says of each document. */
const saidBy = ({ documents }: AllianceTrust) =>
  [...documents.values()].map(({ digest, suspended, inert }) => [digest, suspended, inert]);

const unknownDigests = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${String(index).padStart(42, 'u')}A`);

describe('what a head names of what is suspended (docs/wire.md, Head)', () => {
  it('says to a gate exactly what naming everything would say, and names nothing in vain', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray([...trust.documents.keys()]), async (toSuspend) => {
        const named = toName(toSuspend);
        expect(saidBy(await trustNaming(named))).toEqual(saidBy(await trustNaming(toSuspend)));
        for (const digest of named) {
          const without = await trustNaming(named.filter((each) => each !== digest));
          expect(without.documents.get(digest)?.suspended).toBe(false);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('leaves out what rests on something suspended however far down, and has it back when that is lifted', async () => {
    const host = await alliance.digestOf('member', HOST);
    const offer = await alliance.digestOf('offer', 'rugao-half-a');
    expect(toName([host, offer])).toEqual([host]);
    expect(toName([offer])).toEqual([offer]);
  });

  it('leaves out what is no longer among the documents', () => {
    expect(toName(unknownDigests(3))).toEqual([]);
  });

  it('finds by name alone: an inert document is no ground for leaving anything out', async () => {
    const offer = trust.offer('rugao-half-a')!;
    expect(restsOnNamed(offer, trust, new Set([offer.digest]))).toBe(false);
    expect(restsOnNamed(offer, trust, new Set([await alliance.digestOf('agreement', 'lv')]))).toBe(true);
    expect(restsOnNamed(offer, trust, new Set([await alliance.digestOf('member', HOST)]))).toBe(true);
  });
});

describe('room to name more', () => {
  const leaves = (named: readonly string[]) => leavesRoom(new Set(named), trust.documents.values(), trust);
  const first = () => [...trust.documents.values()].filter((document) => restsOnNothing(document, trust));

  it('is kept for every member and agreement, and those take none of it', () => {
    expect(first().map(({ type }) => type)).toEqual(['member', 'member', 'agreement']);
    const others = unknownDigests(MAX_SUSPENDED - 3);
    const all = [...others, ...first().map(({ digest }) => digest)];
    expect([leaves(others), leaves(all)]).toEqual([true, true]);
    const oneMore = unknownDigests(MAX_SUSPENDED - 2);
    expect([leaves(oneMore), leaves(all.slice(-3))]).toEqual([false, true]);
  });

  it('is as large as a head that gates take', async () => {
    const full = await trustNaming(unknownDigests(MAX_SUSPENDED));
    expect(full.suspended.size).toBe(10_000);
    await expect(trustNaming(unknownDigests(MAX_SUSPENDED + 1))).rejects.toThrow(TypeError);
  });
});
