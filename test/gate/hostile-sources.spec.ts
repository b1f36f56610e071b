import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Bundle } from '#libs/alliance';
import { generateTestKey, waitFor } from '#libs/testing';
import { COUNTY, gateWorld, LIST, NOW, type GateWorld, type TestGate } from './gate-world.js';

let world: GateWorld;
const servers: Server[] = [];

beforeEach(async () => {
  world = await gateWorld();
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await world.stop();
});

const faultAt = async (gate: TestGate): Promise<string | null> =>
  (await gate.manager.get<{ lastFault: string | null }>('/v1/trust')).body.lastFault;

async function serve(handle: (path: string) => unknown): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const page = handle(request.url ?? '');
    // Nothing to say is a county that accepts the connection and never answers.
    if (page !== undefined) response.writeHead(200).end(JSON.stringify(page));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** A mirror that serves these parts, and garbage for everything else. */
const mirrorOf = ({ delegation, round, head }: Bundle, digests: readonly string[] = []) =>
  serve((path) => (path === '/v1/head' ? { delegation, round, head } : { documents: [], digests }));

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
  const fault = await faultAt(gate);
  await gate.close();
  return [new Set(mirror.asked), fault];
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
    await waitFor(async () => (await gate.manager.get<{ seq: number }>('/v1/trust')).body.seq === 2);
    await gate.close();
    expect(await askedOf(world.alliance.bundle)).toEqual([ONLY_HEADS, 'SEQ_LOWER']);
  });

  it('is asked for no document that the round does not name', async () => {
    const next = await nextBundle();
    const digests = Array.from({ length: 65 }, (_, index) => String(index).padStart(43, 'A'));
    const { docs_root: root } = JSON.parse(Buffer.from(next.round.payload, 'base64url').toString()) as {
      docs_root: string;
    };
    const asked = new Set(['/v1/head', `/v1/rounds/${root}/documents`]);
    expect(await askedOf(next, digests)).toEqual([asked, 'SOURCE_MALFORMED']);
  });
});

/** Sixteen lists that nothing is ever answered for, and what a gate asks for while it renews everybody else's. */
async function askedWhileHanging(lists: readonly { readonly member: string; readonly uri: string }[]) {
  const { alliance, upstream } = world;
  const hanging = await serve(() => undefined);
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
