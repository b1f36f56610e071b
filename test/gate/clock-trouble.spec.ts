import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client as PgClient } from 'pg';
import { COUNTY, statusListOf, waitFor } from '#libs/testing';
import { gateWorld, LIST, NOW, type GateWorld, type TestGate } from './gate-world.js';

const DAY = 86_400;

let world: GateWorld;
let gate: TestGate;

beforeEach(async () => {
  world = await gateWorld();
  gate = await world.start();
});
afterEach(() => world.stop());

const visit = async (proof: Awaited<ReturnType<GateWorld['proof']>>): Promise<string> =>
  (await gate.scan(await world.qr(proof))).body.verdict;

async function putList(iat: number): Promise<void> {
  world.upstream.putList(LIST, await statusListOf(world.alliance, COUNTY, { iat, ttlSeconds: 1 }));
  world.upstream.asked.length = 0;
  await waitFor(() => world.upstream.asked.filter((path) => path === LIST).length > 1);
}

/** How much the sites' memory holds about anybody. */
async function remembered(): Promise<number> {
  const database = new PgClient({ connectionString: world.database.url });
  await database.connect();
  try {
    const rows = await database.query('SELECT holder FROM seen_proof UNION ALL SELECT subject FROM quota_use');
    return rows.rowCount ?? 0;
  } finally {
    await database.end();
  }
}

/** A gate clears the memory when it starts, and closes after it has. */
async function clear(): Promise<void> {
  await (await world.start()).close();
}

describe('signed times ahead of the clock (design §4.5)', () => {
  it("cannot be driven up by one county's lists", async () => {
    await putList(NOW + 31);
    expect((await gate.trust()).timeFloor).toBeLessThan(NOW);
    await putList(NOW + 30);
    expect((await gate.trust()).timeFloor).toBe(NOW + 30);
    expect(await visit(await world.proof())).toBe('granted');
    // The floor is no ladder: each step would be within the skew of the one before.
    await putList(NOW + 60);
    expect((await gate.trust()).timeFloor).toBe(NOW + 30);
    expect(await visit(await world.proof())).toBe('granted');
  });

  it('are refused in a head, and the old head stays', async () => {
    const { alliance, upstream } = world;
    await upstream.publish(await alliance.headAt(NOW + 301));
    await waitFor(async () => (await gate.trust()).lastFault === 'HEAD_AHEAD_OF_CLOCK');
    expect(await gate.trust()).toMatchObject({ seq: 1, timeFloor: NOW - 60 + 1 });
    expect(await visit(await world.proof())).toBe('granted');
    world.clock.advance(1);
    await waitFor(async () => (await gate.trust()).seq === 2);
    expect((await gate.trust()).lastFault).toBeNull();
  });
});

describe('a clock that is set back', () => {
  it('makes no code the same visit for as long as the step is', async () => {
    const qr = await world.qr(await world.proof());
    expect((await gate.scan(qr)).body).toMatchObject({ verdict: 'granted', repeat: false });
    world.clock.set(NOW - 3_600);
    const { verdict } = (await gate.scan(qr)).body;
    world.clock.set(NOW);
    expect(verdict).not.toBe('granted');
    expect((await gate.scan(qr)).body).toMatchObject({ verdict: 'granted', repeat: true });
  });
});

describe("what the sites' memory forgets", () => {
  it('is nothing because the clock jumps ahead', async () => {
    const proof = await world.proof();
    expect(await visit(proof)).toBe('granted');
    const before = await remembered();
    world.clock.set(NOW + 3 * DAY);
    await clear();
    expect(await remembered()).toBe(before);
    world.clock.set(NOW + 5);
    expect(await visit(proof)).toBe('already_used');
  });

  it('is everything about a visit, once signed time too has left its period a day behind', async () => {
    expect(await visit(await world.proof())).toBe('granted');
    expect(await remembered()).toBeGreaterThan(1);
    world.clock.set(NOW + 3 * DAY);
    await world.upstream.publish(await world.alliance.headAt(NOW + 3 * DAY - 30));
    // Nobody's staff token lives for three days.
    gate = await world.start();
    await waitFor(async () => (await gate.trust()).seq === 2);
    await clear();
    expect(await remembered()).toBe(0);
  });
});
