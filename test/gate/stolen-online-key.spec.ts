import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateTestKey, waitFor } from '#libs/testing';
import { gateWorld, NOW, type GateWorld, type TestGate } from './gate-world.js';

let world: GateWorld;
let gate: TestGate;
beforeAll(async () => {
  world = await gateWorld();
  gate = await world.start();
});
afterAll(() => world.stop());

const verdict = async (): Promise<string> => (await gate.scan(await world.qr(await world.proof()))).body.verdict;

describe('a stolen online key (design §4.5)', () => {
  it('that ran seq to its maximum is recovered from by a new epoch, and cannot follow there', async () => {
    const { alliance, upstream } = world;
    const seq = Number.MAX_SAFE_INTEGER;
    const stolen = await alliance.headAt(NOW - 40, { head: { seq } });
    await upstream.publish(stolen);
    await waitFor(async () => (await gate.trust()).seq === seq);
    await upstream.publish(await alliance.headAt(NOW - 30));
    await waitFor(async () => (await gate.trust()).lastFault === 'SEQ_LOWER');

    const online = await generateTestKey();
    const delegation = { epoch: 2, online: { jwk: online.publicJwk, alg: 'ES256' as const } };
    await upstream.publish(await alliance.headAt(NOW - 20, { online, delegation, head: { seq: 1, prev: '' } }));
    await waitFor(async () => (await gate.trust()).epoch === 2);
    expect(await gate.trust()).toMatchObject({ epoch: 2, seq: 1, lastFault: null });
    expect(await verdict()).toBe('granted');

    await upstream.publish(stolen);
    await waitFor(async () => (await gate.trust()).lastFault === 'EPOCH_LOWER');
    await upstream.publish(await alliance.headAt(NOW - 10, { delegation, head: { seq: 2 } }));
    await waitFor(async () => (await gate.trust()).lastFault === 'HEAD_KEY_UNKNOWN');
    expect(await gate.trust()).toMatchObject({ epoch: 2, seq: 1 });
    expect(await verdict()).toBe('granted');
  });
});
