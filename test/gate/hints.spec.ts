import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Bus, HEAD_PUBLISHED, STATUS_CHANGED } from '#libs/messaging';
import { COUNTY, describeWithNats, waitFor } from '#libs/testing';
import { gateWorld, LIST, NOW, type GateWorld } from './gate-world.js';

const HOUR = 3_600;

describeWithNats('hints over the bus (design §6)', (nats) => {
  let world: GateWorld;
  beforeEach(async () => {
    world = await gateWorld();
  });
  afterEach(() => world.stop());

  it('make a gate fetch at once what its timer would fetch in an hour', async () => {
    const { alliance, upstream } = world;
    const bus = { kind: 'nats', url: nats.url } as const;
    const gate = await world.start({ bus, pollSeconds: HOUR });
    const federation = new Bus(bus);
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
    await federation.close();
    await gate.close();
  });
});
