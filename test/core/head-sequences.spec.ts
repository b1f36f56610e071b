import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { acceptBundle, type AllianceTrust, type Bundle, type SignedDocument } from '#libs/alliance';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildAlliance, generateTestKey, SMALL_ALLIANCE, type BuiltAlliance, type TestKey } from '#libs/testing';

const NOW = 1_795_000_000;

/** A head somebody has once signed, in the order in which it happens to reach a gate. */
interface Offered {
  readonly epoch: number;
  readonly seq: number;
  readonly round: number;
  /** Which of the document sets stands under the round. */
  readonly documents: number;
  /** Which documents the head suspends, by place. */
  readonly suspended: readonly number[];
  /** Whether `prev` names the head that the gate holds. */
  readonly isChained: boolean;
}

const offered: fc.Arbitrary<Offered> = fc
  .record({
    epoch: fc.constantFrom(1, 1, 1, 2),
    seq: fc.integer({ min: 1, max: 9 }),
    round: fc.integer({ min: 1, max: 4 }),
    other: fc.constantFrom(0, 0, 0, 1),
    suspended: fc.subarray([0, 1, 2, 3, 4, 5, 6], { maxLength: 2 }),
    isChained: fc.boolean(),
  })
  // Mostly the documents go with the round, as they do where nobody cheats.
  .map(({ other, ...head }) => ({ ...head, documents: (head.round + other) % 4 }));

let alliance: BuiltAlliance;
let secondOnline: TestKey;
let sets: readonly (readonly SignedDocument[])[];
beforeAll(async () => {
  alliance = await buildAlliance(SMALL_ALLIANCE, NOW);
  secondOnline = await generateTestKey();
  const { documents } = alliance.bundle;
  const { tables, offers } = alliance.plan;
  const [table, offer] = [tables[0], offers[0]];
  if (!table || !offer) throw new Error('planned');
  const secondTable = { ...table, id: 'rongcheng-table-2', version: 2, effectiveFrom: '2026-02-01' };
  const newerTable = await alliance.sign('table', secondTable);
  const newerOffer = await alliance.sign('offer', { ...offer, version: 2, band: 'AAA' });
  const oldOffer = await alliance.digestOf('offer', offer.id);
  const digests = new Map(await Promise.all(documents.map(async (each) => [each, await digestOf(each)] as const)));
  const withoutOffer = documents.filter((each) => digests.get(each) !== oldOffer);
  sets = [
    documents,
    [...documents, newerTable],
    [...withoutOffer, newerOffer],
    [...withoutOffer, newerOffer, newerTable],
  ];
});

async function digestOf({ payload }: SignedDocument): Promise<string> {
  return Buffer.from(await nodeCrypto.sha256(Buffer.from(payload, 'base64url'))).toString('base64url');
}

async function bundleOf(head: Offered, held: AllianceTrust | undefined): Promise<Bundle> {
  const documents = sets[head.documents] ?? [];
  const digests = await Promise.all(documents.map(digestOf));
  const suspended = head.suspended.map((at) => digests[at] ?? '').toSorted();
  const prev = head.isChained && held !== undefined ? held.headDigest : 'A'.repeat(43);
  return alliance.headAt(NOW + head.seq, {
    delegation: { epoch: head.epoch },
    documents,
    round: { round: head.round },
    head: { seq: head.seq, prev, suspended },
    ...(head.epoch === 1 ? {} : { online: secondOnline }),
  });
}

/** Every way in which a gate would have gone back, from one accepted trust to the next. */
function stepsBack(before: AllianceTrust, after: AllianceTrust): readonly string[] {
  const back: string[] = [];
  if (after.epoch < before.epoch) back.push('epoch');
  if (after.epoch !== before.epoch) return back;
  if (after.seq < before.seq || (after.seq === before.seq && after.headDigest !== before.headDigest)) back.push('seq');
  if (after.round < before.round) back.push('round');
  for (const document of before.documents.values()) {
    const still = after.documents.get(document.digest);
    const wasSuspended = before.suspended.has(document.digest);
    // Two officers lift a suspension, in a later round; within one nothing that was withdrawn is ever back.
    if (after.round === before.round && wasSuspended && still?.suspended === false)
      back.push(`revived ${document.type}`);
    if (document.type === 'table' && still === undefined) back.push('table gone');
    if (document.type !== 'offer' || still !== undefined) continue;
    const successor = after.offer(document.payload.id);
    if (successor !== undefined && successor.payload.version <= document.payload.version) back.push('older offer');
  }
  return back;
}

describe('heads in any order (design §4.5, docs/wire.md, Head)', () => {
  it('never lead a gate back: neither (epoch, seq) nor the round falls, nothing withdrawn revives', async () => {
    const counts = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(offered, { minLength: 4, maxLength: 10 }), async (sequence) => {
        let held: AllianceTrust | undefined;
        for (const head of sequence) {
          const bundle = await bundleOf(head, held);
          const outcome = await acceptBundle({ anchor: alliance.anchor, bundle, held }, nodeCrypto);
          counts[outcome.ok ? 'accepted' : 'refused'] += 1;
          if (!outcome.ok) continue;
          expect(held === undefined ? [] : stepsBack(held, outcome.value)).toEqual([]);
          held = outcome.value;
        }
      }),
      { numRuns: 150 },
    );
    expect(counts.accepted).toBeGreaterThan(150);
    expect(counts.refused).toBeGreaterThan(150);
  });

  it('and what is refused leaves no trace: the next head is judged as if it had never come', async () => {
    await fc.assert(
      fc.asyncProperty(offered, offered, async (one, other) => {
        const first = await acceptBundle({ anchor: alliance.anchor, bundle: alliance.bundle }, nodeCrypto);
        if (!first.ok) throw new Error(first.fault);
        const held = first.value;
        const bundle = await bundleOf(other, held);
        const judge = async (): Promise<unknown> => {
          const outcome = await acceptBundle({ anchor: alliance.anchor, bundle, held }, nodeCrypto);
          return outcome.ok ? outcome.value.headDigest : outcome.fault;
        };
        const before = await judge();
        await acceptBundle({ anchor: alliance.anchor, bundle: await bundleOf(one, held), held }, nodeCrypto);
        expect(await judge()).toBe(before);
      }),
      { numRuns: 60 },
    );
  });
});
