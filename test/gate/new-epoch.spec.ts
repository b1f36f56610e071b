import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addSignature, signDocument, type DocumentType, type SignedDocument } from '#libs/alliance';
import { nodeCrypto } from '#libs/jose-profile/node';
import { generateTestKey, type TestKey } from '#libs/testing';
import { expectStatus } from '../federation/federation-desk.js';
import { federatedGate, type FederatedGate } from './federated-gate.js';

let running: FederatedGate;
let online: TestKey;
let newcomer: TestKey;
beforeAll(async () => {
  [online, newcomer] = [await generateTestKey(), await generateTestKey()];
  running = await federatedGate([online]);
});
afterAll(() => running.close());

describe('a new delegation (design §4.5): another online key, another officer', () => {
  it('is prepared while the epoch in force goes on, and no gate is without trust for a moment', async () => {
    const { desk } = running;
    const [first] = desk.alliance.keys.officers;
    const watched = await running.watch(async () => {
      expectStatus(await desk.install(2, delegated()), 201);
      const blocked = await desk.post('/v1/admin/rounds', { epoch: 2 }, 'officer');
      expect(blocked).toMatchObject({ status: 409, body: { code: 'ROUND_BLOCKED' } });
      // Rounds and suspensions of the epoch in force are not held up: a stolen county key does not wait for a meeting.
      await desk.adopt();
      expect(await running.synced()).toMatchObject({ epoch: 1, round: 2 });
      const foreign = await desk.alliance.digestOf('offer', 'foreign-aa');
      expectStatus(await desk.suspend(foreign), 201);
      expect(await running.synced()).toMatchObject({ epoch: 1, round: 2 });
      await signBeforehand();
      expect(await running.synced()).toMatchObject({ epoch: 1 });
      await desk.adopt([], [first, newcomer], 2);
      expect(await running.synced()).toMatchObject({ epoch: 2, seq: 1, round: 1 });
    });
    expect([...watched.verdicts]).toEqual(['granted']);
    expect([...watched.faults]).toEqual([null]);
  });

  it('leaves the officer it left out, whose key was stolen say, without any power', async () => {
    const { desk } = running;
    const [first, stolen] = desk.alliance.keys.officers;
    const draft = expectStatus(await desk.post('/v1/admin/rounds', {}, 'officer'), 201);
    const route = `/v1/admin/rounds/${draft.body.digest}`;
    expect(draft.body['epoch']).toBe(2);
    expect((await desk.sign(route, draft.body.payload, 'round', stolen)).body.code).toBe('SIGNER_UNKNOWN');
    const agreement = desk.alliance.plan.agreements[0]!;
    const filed = await desk.post(
      '/v1/admin/documents',
      { payload: { ...agreement, type: 'agreement', version: 2 } },
      'registrar',
    );
    const { digest, payload } = expectStatus(filed, 201).body;
    const signed = (officer: TestKey) => desk.sign(`/v1/admin/documents/${digest}`, payload, 'agreement', officer);
    expect((await signed(stolen)).body.code).toBe('SIGNER_UNKNOWN');
    expect((await signed(first)).body.missing).toHaveLength(1);
    expect((await signed(newcomer)).body.state).toBe('complete');
  });
});

describe('new roots (design §4.5), through the federation', () => {
  it('are followed by the gate under the same delegation, which grants throughout', async () => {
    const { desk } = running;
    const old = desk.alliance.keys.roots;
    const roots = [await generateTestKey(), await generateTestKey(), old[2]];
    const watched = await running.watch(async () => {
      const before = await running.synced();
      const keys = roots.map(({ publicJwk }, index) => {
        return { jwk: publicJwk, alg: 'ES256' as const, organisation: `root-${index + 1}` };
      });
      const content = { version: 2, iat: desk.clock.now(), threshold: 2, keys };
      const anchor = await signDocument('anchor', content, [old[0], old[2], roots[0]!], nodeCrypto);
      const { body } = await desk.get('/v1/delegation');
      const delegation = await [roots[0]!, roots[2]!].reduce(
        async (signed, root) => addSignature(await signed, 'delegation', root, nodeCrypto),
        Promise.resolve(body['delegation'] as SignedDocument),
      );
      expectStatus(await desk.post('/v1/admin/anchors', { anchor, delegations: [delegation] }, 'officer'), 201);
      const after = await running.synced();
      expect(before).toMatchObject({ anchorVersion: 1, epoch: 2 });
      expect(after).toMatchObject({ anchorVersion: 2, epoch: 2, round: before.round, seq: (before.seq ?? 0) + 1 });
    });
    expect([...watched.verdicts]).toEqual(['granted']);
    expect([...watched.faults]).toEqual([null]);
  });
});

function delegated() {
  const { officers } = running.desk.alliance.keys;
  const present = [officers[0], newcomer, officers[2]];
  return {
    online: { jwk: online.publicJwk, alg: 'ES256' as const },
    officers: present.map(({ publicJwk }, index) => {
      return { jwk: publicJwk, alg: 'ES256' as const, organisation: `officer-${index + 1}` };
    }),
  };
}

/** The new officer adds her signature to everything that would otherwise be missing one. */
async function signBeforehand(): Promise<void> {
  const { desk } = running;
  const { body } = await desk.getAs('auditor', '/v1/admin/documents');
  const documents = body['documents'] as { digest: string; payload: string; type: DocumentType; missingNext: [] }[];
  for (const { digest, payload, type, missingNext } of documents)
    if (missingNext.length > 0)
      expectStatus(await desk.sign(`/v1/admin/documents/${digest}`, payload, type, newcomer), 200);
}
