import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateTestKey } from '#libs/testing';
import { expectStatus, FederationDesk } from '../../../../test/federation/federation-desk.js';

let desk: FederationDesk;
beforeAll(async () => {
  desk = await FederationDesk.start({ config: { foundedAt: '2025-12-01' } });
  await desk.found();
});
afterAll(() => desk.close());

describe('a key that a member has ever listed', () => {
  it('keeps its purpose', async () => {
    const member = desk.alliance.plan.members[0]!;
    const swapped = { attest: 'status', status: 'attest', statement: 'statement', receipt: 'receipt' } as const;
    const keys = member.keys.map((key) => ({ ...key, purpose: swapped[key.purpose] }));
    const answer = await desk.file('member', { ...member, version: 2, keys });
    expect(answer.body.code).toBe('KEY_ORDER_WRONG');
    expect(answer.body.fields).toHaveLength(2);
  });

  it('is compromised for ever: once it was left out it is listed by nobody as anything else', async () => {
    const [member, other] = desk.alliance.plan.members;
    const stolen = member!.keys.find(({ purpose }) => purpose === 'attest')!;
    const others = member!.keys.filter((key) => key !== stolen);
    const fresh = { ...stolen, jwk: (await generateTestKey()).publicJwk };
    const file = (version: number, ...keys: readonly (typeof stolen)[]) =>
      desk.file('member', { ...member!, version, keys: [...others, fresh, ...keys] });
    expectStatus(await file(2, { ...stolen, status: 'compromised' }), 201);
    await desk.adopt();
    expectStatus(await file(3), 201);
    await desk.adopt();
    for (const status of ['active', 'retired'] as const)
      expect((await file(4, { ...stolen, status })).body.code).toBe('KEY_ORDER_WRONG');
    for (const status of ['active', 'compromised'] as const) {
      const taken = { ...other!, version: 2, keys: [...other!.keys, { ...stolen, status }] };
      expect((await desk.file('member', taken)).body.code).toBe('KEY_SHARED');
    }
    expectStatus(await file(4, { ...stolen, status: 'compromised' }), 201);
  });
});
