import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Bundle } from '#libs/alliance';
import { COUNTY, generateTestKey, waitFor } from '#libs/testing';
import { gateWorld, LIST, NOW, type GateWorld } from './gate-world.js';
import type { Upstream } from './upstream.js';

let world: GateWorld;

beforeEach(async () => {
  world = await gateWorld();
});
afterEach(() => world.stop());

/** A mirror that serves delegation, round and head, and these digests as those of the round's documents; it has no document. */
async function mirrorOf({ delegation, round, head }: Bundle, digests: readonly string[] = []): Promise<Upstream> {
  const mirror = await world.mirror();
  mirror.put(documentsOf(round), JSON.stringify({ digests }));
  mirror.put('/v1/head', JSON.stringify({ delegation, round, head }));
  return mirror;
}

/** Where the digests of a round's documents are asked for. */
function documentsOf(round: Bundle['round']): string {
  const { docs_root: root } = JSON.parse(Buffer.from(round.payload, 'base64url').toString()) as { docs_root: string };
  return `/v1/rounds/${root}/documents`;
}

/** The next head, over one document more. */
async function nextBundle(): Promise<Bundle> {
  const { alliance } = world;
  const plan = alliance.plan.offers.find(({ id }) => id === 'free-aa');
  if (plan === undefined) throw new Error('no offer');
  const documents = [...alliance.bundle.documents, await alliance.sign('offer', { ...plan, id: 'free-too' })];
  return alliance.headAt(NOW - 30, { documents, round: { round: 2 } });
}

/** What a gate that holds a trust already asks such a mirror for, in a few turns. */
async function askedOf(
  bundle: Bundle,
  digests?: readonly string[],
): Promise<readonly [ReadonlySet<string>, string | null]> {
  const mirror = await mirrorOf(bundle, digests);
  const gate = await world.start({ federationUrl: mirror.url });
  await waitFor(() => mirror.asked.filter((path) => path === '/v1/head').length > 2);
  const { lastFault } = await gate.trust();
  await gate.close();
  return [new Set(mirror.asked), lastFault];
}

const ONLY_HEADS = new Set(['/v1/head']);

describe('a mirror without keys', () => {
  beforeEach(async () => (await world.start()).close());

  it('is asked for nothing more once delegation, round or head does not verify', async () => {
    const next = await nextBundle();
    const delegation = { ...next.delegation, signatures: [] };
    expect(await askedOf({ ...next, delegation })).toEqual([ONLY_HEADS, 'SIGNATURES_MISSING']);
    const round = { ...next.round, signatures: [] };
    expect(await askedOf({ ...next, round })).toEqual([ONLY_HEADS, 'SIGNATURES_MISSING']);
    const head = next.head.replace(/.{20}$/, 'AAAAAAAAAAAAAAAAAAAA');
    expect(await askedOf({ ...next, head })).toEqual([ONLY_HEADS, 'SIGNATURE_INVALID']);
  });

  it('is asked for nothing more when it serves an old head again', async () => {
    const gate = await world.start();
    await world.upstream.publish(await nextBundle());
    await waitFor(async () => (await gate.trust()).seq === 2);
    await gate.close();
    expect(await askedOf(world.alliance.bundle)).toEqual([ONLY_HEADS, 'SEQ_LOWER']);
  });

  it('is asked for no document that the round does not name', async () => {
    const next = await nextBundle();
    const digests = Array.from({ length: 65 }, (_, index) => String(index).padStart(43, 'A'));
    const asked = new Set(['/v1/head', documentsOf(next.round)]);
    expect(await askedOf(next, digests)).toEqual([asked, 'SOURCE_MALFORMED']);
  });
});

describe('a source whose documents do not fit its head', () => {
  beforeEach(async () => (await world.start()).close());

  it('is asked for them less and less often, but at once when there is another head', async () => {
    const { alliance, clock } = world;
    const mirror = await mirrorOf(await nextBundle());
    const gate = await world.start({ federationUrl: mirror.url });
    /** How often documents were asked for, a few turns after this moment. */
    const askedAt = async (seconds: number): Promise<number> => {
      clock.set(NOW + seconds);
      const before = mirror.asked.length;
      await waitFor(() => mirror.asked.filter((path, index) => index >= before && path === '/v1/head').length > 3);
      return mirror.asked.filter((path) => path.startsWith('/v1/rounds/')).length;
    };
    expect(await askedAt(0)).toBe(1);
    expect((await gate.trust()).lastFault).toBe('SOURCE_MALFORMED');
    expect([await askedAt(14), await askedAt(15)]).toEqual([1, 2]);
    expect([await askedAt(44), await askedAt(45)]).toEqual([2, 3]);
    const { delegation, round, head } = await alliance.headAt(NOW - 20, {
      round: { round: 2, docs_root: 'A'.repeat(43) },
    });
    mirror.put('/v1/head', JSON.stringify({ delegation, round, head }));
    expect(await askedAt(45)).toBe(4);
    expect([await askedAt(59), await askedAt(60)]).toEqual([4, 5]);
    await gate.close();
  });
});

/** Sixteen lists that nothing is ever answered for, and what a gate asks for while it renews everybody else's. */
async function askedWhileHanging(lists: readonly { readonly member: string; readonly uri: string }[]) {
  const { alliance, upstream } = world;
  const hanging = await world.mirror();
  hanging.hold(() => true);
  const origins = Object.fromEntries(lists.map(({ uri }) => [new URL(uri).origin, hanging.url]));
  const members = await Promise.all(
    [...new Set(lists.map(({ member }) => member))].map(async (id) =>
      alliance.sign('member', {
        id,
        version: 1,
        place: '370000',
        name: { zh: '慢' },
        keys: [
          { jwk: (await generateTestKey()).publicJwk, alg: 'ES256' as const, purpose: 'status', status: 'active' },
        ],
        statusLists: lists.filter(({ member }) => member === id).map(({ uri }) => uri),
      }),
    ),
  );
  const gate = await world.start({ origins: { ...origins, [COUNTY]: upstream.url } });
  const documents = [...alliance.bundle.documents, ...members];
  await upstream.publish(await alliance.headAt(NOW - 30, { documents, round: { round: 2 } }));
  await waitFor(() => hanging.asked.length > 0);
  upstream.asked.length = 0;
  await waitFor(() => upstream.asked.filter((path) => path === LIST).length > 3);
  await gate.close();
  return hanging.asked;
}

const SIXTEEN = Array.from({ length: 16 }, (_, index) => index);
const SLOW = 'https://slow.example';

describe('status lists that are never answered for', () => {
  it("delay nobody else's, and four of one county are asked for at once, wherever they lie", async () => {
    const lists = SIXTEEN.map((index) => ({ member: SLOW, uri: `https://lists-${index}.example/s/1` }));
    expect(await askedWhileHanging(lists)).toHaveLength(4);
  });

  it("delay nobody else's, and four at one host are asked for at once, whoever's they are", async () => {
    const lists = SIXTEEN.map((index) => ({ member: `https://county-${index}.example`, uri: `${SLOW}/s/${index}` }));
    expect(await askedWhileHanging(lists)).toHaveLength(4);
  });
});
