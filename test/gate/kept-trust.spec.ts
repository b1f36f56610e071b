import { createHash } from 'node:crypto';
import type { SignedDocument } from '#libs/alliance';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COUNTY, statusListOf, waitFor } from '#libs/testing';
import { gateWorld, LIST, NOW, type GateWorld, type TestGate } from './gate-world.js';

const DAY = 86_400;

let world: GateWorld;
/** What stands under the newest round: no version of a document may go back. */
let standing: readonly SignedDocument[];

beforeAll(async () => {
  world = await gateWorld();
  standing = world.alliance.bundle.documents;
});
afterAll(() => world.stop());

const untilSeq = (gate: TestGate, seq: number) => waitFor(async () => (await gate.trust()).seq === seq);
const untilFault = (gate: TestGate, fault: string) => waitFor(async () => (await gate.trust()).lastFault === fault);

async function verdictAt(gate: TestGate): Promise<string> {
  return (await gate.scan(await world.qr(await world.proof()))).body.verdict;
}

describe('what a gate goes by (design §4.5)', () => {
  it('boots without network and without trust, and every visit is stale', async () => {
    const gate = await world.start({ federationUrl: undefined });
    expect(await gate.trust()).toMatchObject({ epoch: null, seq: null, statusListsHeld: 0, timeFloor: 0 });
    expect(await verdictAt(gate)).toBe('stale');
    const session = {
      site: 'spot-east',
      offer: 'free-aa',
      orderRef: 'o',
      party: { adults: 1, children: 0, seniors: 0 },
    };
    expect((await gate.manager.post('/v1/verification-sessions', session)).body).toEqual({ verdict: 'stale' });
    await gate.close();
  });

  it('keeps trust, lists and memory across a restart, with no federation address', async () => {
    const first = await world.start();
    const qr = await world.qr(await world.proof());
    const granted = (await first.scan(qr)).body;
    expect(granted.verdict).toBe('granted');
    await first.close();
    const second = await world.start({ federationUrl: undefined, origins: { [COUNTY]: 'http://127.0.0.1:9' } });
    expect(await second.trust()).toMatchObject({ seq: 1, statusListsHeld: 1, timeFloor: NOW - 60 + 1 });
    expect((await second.scan(qr)).body).toEqual({ ...granted, repeat: true });
    expect((await second.scan(qr, 'lane-2')).body.verdict).toBe('refused');
    expect(await verdictAt(second)).toBe('granted');
    await second.close();
  });

  it('V19: is stale on a kept head once it is older than the offer allows, and for good when it has expired', async () => {
    const gate = await world.start({ federationUrl: undefined, origins: { [COUNTY]: 'http://127.0.0.1:9' } });
    world.clock.advance(21_600 - 120);
    expect(await verdictAt(gate)).toBe('granted');
    world.clock.advance(1);
    expect(await verdictAt(gate)).toBe('stale');
    world.clock.set(NOW + 7 * DAY);
    await gate.close();
    const later = await world.start({ federationUrl: undefined, origins: { [COUNTY]: 'http://127.0.0.1:9' } });
    expect(await verdictAt(later)).toBe('stale');
    world.clock.set(NOW);
    await later.close();
  });

  it('is stale with a clock behind the largest signed time it ever took in, also after a restart', async () => {
    world.clock.set(NOW - 60 - 31);
    const gate = await world.start({ federationUrl: undefined });
    expect(await verdictAt(gate)).toBe('stale');
    world.clock.set(NOW);
    expect(await verdictAt(gate)).toBe('granted');
    await gate.close();
  });

  it('is stale without the status list of the county', async () => {
    const gate = await world.start();
    world.upstream.setDown(true);
    world.clock.advance(21_601 + 60);
    expect(await verdictAt(gate)).toBe('stale');
    world.upstream.setDown(false);
    world.clock.set(NOW);
    await gate.close();
  });

  it('V21: follows a head that suspends a table, and refuses a lower one afterwards, across restarts', async () => {
    const { alliance, upstream } = world;
    const gate = await world.start();
    expect(await verdictAt(gate)).toBe('granted');
    const table = await alliance.digestOf('table', 'rongcheng-table-1');
    await upstream.publish(await alliance.headAt(NOW - 30, { head: { suspended: [table] } }));
    await untilSeq(gate, 2);
    expect(await verdictAt(gate)).toBe('no_proof');
    await upstream.publish(alliance.bundle);
    await untilFault(gate, 'SEQ_LOWER');
    expect(await verdictAt(gate)).toBe('no_proof');
    await gate.close();
    const again = await world.start();
    await untilFault(again, 'SEQ_LOWER');
    expect(await again.trust()).toMatchObject({ seq: 2 });
    expect(await verdictAt(again)).toBe('no_proof');
    await again.close();
  });

  it('takes a changed document by its digest, with the new round', async () => {
    const { alliance, upstream } = world;
    const gate = await world.start();
    const plan = alliance.plan.offers.find(({ id }) => id === 'free-aa');
    if (plan === undefined) throw new Error('no offer');
    const changed = await alliance.sign('offer', { ...plan, version: 2, blackoutDays: ['2026-11-18'] });
    const old = await alliance.digestOf('offer', 'free-aa');
    const others = standing.filter(({ payload }) => digestOf(payload) !== old);
    const documents = [...others, changed];
    standing = documents;
    upstream.asked.length = 0;
    await upstream.publish(
      await alliance.headAt(NOW - 20, { documents, round: { round: 2 }, head: { seq: 3, prev: 'A'.repeat(43) } }),
    );
    await waitFor(async () => (await gate.trust()).lastFault === 'PREV_WRONG');
    await upstream.publish(await alliance.headAt(NOW - 20, { documents, round: { round: 2 }, head: { seq: 4 } }));
    await untilSeq(gate, 4);
    expect(upstream.asked).not.toContain('/v1/bundle');
    expect(upstream.asked.filter((path) => path.startsWith('/v1/documents/')).length).toBeGreaterThan(0);
    expect(await verdictAt(gate)).toBe('not_available');
    await gate.close();
  });

  it('drops a list with the key that signed it, from the head on that calls the key compromised', async () => {
    const { alliance, upstream } = world;
    const gate = await world.start();
    const plan = alliance.plan.members.find(({ id }) => id === COUNTY);
    if (plan === undefined) throw new Error('no member');
    const keys = plan.keys.map((key) => (key.purpose === 'status' ? { ...key, status: 'compromised' as const } : key));
    const old = await alliance.digestOf('member', COUNTY);
    const rest = standing.filter(({ payload }) => digestOf(payload) !== old);
    const fallen = [...rest, await alliance.sign('member', { ...plan, version: 2, keys })];
    const at = NOW - 10;
    await upstream.publish(await alliance.headAt(at, { documents: fallen, round: { round: 3 }, head: { seq: 6 } }));
    await untilSeq(gate, 6);
    expect(await gate.trust()).toMatchObject({ statusListsHeld: 0 });
    const shown = await world.qr(await world.proof(), { offer: 'reentry-aa' });
    expect((await gate.scan(shown)).body.verdict).toBe('stale');
    const sound = [...rest, await alliance.sign('member', { ...plan, version: 3 })];
    await upstream.publish(await alliance.headAt(at, { documents: sound, round: { round: 4 }, head: { seq: 8 } }));
    await waitFor(async () => (await gate.trust()).statusListsHeld === 1);
    expect((await gate.scan(shown)).body.verdict).toBe('granted');
    await gate.close();
  });

  it('refuses a list that is older, forged, of another uri or far ahead of the clock', async () => {
    const { alliance, upstream } = world;
    const gate = await world.start();
    const held = await gate.trust();
    const bad = [
      await statusListOf(alliance, COUNTY, { iat: NOW - 3_600 }, [5]),
      await statusListOf(alliance, COUNTY, { iat: NOW + 3_600 }, [5]),
      (await statusListOf(alliance, COUNTY, { iat: NOW }, [5])).replace(/.{20}$/, 'AAAAAAAAAAAAAAAAAAAA'),
      'not a token',
    ];
    for (const token of bad) {
      upstream.putList(LIST, token);
      upstream.asked.length = 0;
      await waitFor(() => upstream.asked.filter((path) => path === LIST).length > 1);
    }
    expect(await gate.trust()).toEqual({ ...held });
    // Index 5 is revoked in every list that was refused, and in none that was taken in.
    const qr = await world.qr(await world.proof({ idx: 5 }), { offer: 'half-a' });
    expect((await gate.scan(qr)).body.verdict).toBe('granted');
    await gate.close();
  });
});

function digestOf(payload: string): string {
  return createHash('sha256').update(Buffer.from(payload, 'base64url')).digest('base64url');
}
