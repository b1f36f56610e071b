import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Bus, HEAD_PUBLISHED, STATUS_CHANGED } from '#libs/messaging';
import { COUNTY, describeWithNats, waitFor } from '#libs/testing';
import { gateWorld, LIST, NOW, type GateWorld } from './gate-world.js';

const HOUR = 3_600;

describeWithNats('hints over the bus (design §6)', (nats) => {
  const bus = () => ({ kind: 'nats', url: nats.url }) as const;
  let world: GateWorld;
  let federation: Bus;
  beforeEach(async () => {
    world = await gateWorld();
    federation = new Bus(bus());
  });
  afterEach(async () => {
    await federation.close();
    await world.stop();
  });

  it('make a gate fetch at once what its timer would fetch in an hour', async () => {
    const { alliance, upstream } = world;
    const gate = await world.start({ bus: bus(), pollSeconds: HOUR });
    const seq = async () => (await gate.trust()).seq;
    await upstream.publish(await alliance.headAt(NOW - 30));
    await waitFor(async () => {
      federation.hint(HEAD_PUBLISHED, { epoch: 1, seq: 2 });
      return (await seq()) === 2;
    });
    upstream.asked.length = 0;
    federation.hint(STATUS_CHANGED, { uri: `${COUNTY}/s/unlisted` });
    federation.hint(STATUS_CHANGED, { uri: `${COUNTY}${LIST}` });
    await waitFor(() => upstream.asked.includes(LIST));
    expect(upstream.asked.every((path) => path === LIST || path === '/v1/head')).toBe(true);
    await gate.close();
  });

  it('do not make a gate fetch documents again that have just failed to fit their head', async () => {
    const { alliance, upstream, clock } = world;
    const gate = await world.start({ bus: bus(), pollSeconds: HOUR });
    const offer = await alliance.sign('offer', { ...alliance.plan.offers[0]!, id: 'free-too' });
    const documents = [...alliance.bundle.documents, offer];
    const bundle = await alliance.headAt(NOW - 30, { documents, round: { round: 2 } });
    // The new one is not there yet.
    await upstream.publish({ ...bundle, documents: alliance.bundle.documents });
    upstream.asked.length = 0;
    const hintUntilAsked = (path: string, times: number) =>
      waitFor(() => {
        federation.hint(HEAD_PUBLISHED, { epoch: 1, seq: 2 });
        return upstream.asked.filter((each) => each.startsWith(path)).length >= times;
      });
    await hintUntilAsked('/v1/head', 5);
    expect(upstream.asked.filter((path) => path.startsWith('/v1/rounds/'))).toHaveLength(1);
    clock.advance(15);
    await hintUntilAsked('/v1/rounds/', 2);
    await upstream.publish(bundle);
    clock.advance(30);
    await hintUntilAsked('/v1/rounds/', 3);
    await waitFor(async () => (await gate.trust()).seq === 2);
    await gate.close();
  });
});
