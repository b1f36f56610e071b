import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addSignature, signDocument, type AllianceTrust, type SignedDocument } from '#libs/alliance';
import { nodeCrypto } from '#libs/jose-profile/node';
import { generateTestKey, type TestKey } from '#libs/testing';
import { expectStatus, FederationDesk, NOW } from '../../../../test/federation/federation-desk.js';

const TIMES = 10;
let desk: FederationDesk;
let held: AllianceTrust;
let roots: readonly TestKey[];

beforeAll(async () => {
  desk = await FederationDesk.start({ config: { foundedAt: '2025-12-01' } });
  await desk.found();
  held = await desk.trust();
  ({ roots } = desk.alliance.keys);
});
afterAll(() => desk.close());

interface Listed {
  readonly digest: string;
  readonly type: 'member';
  readonly payload: string;
  readonly missingNext: readonly unknown[];
}

function organisationKeys(keys: readonly TestKey[], name: string) {
  return keys.map(({ publicJwk }, index) => {
    return { jwk: publicJwk, alg: 'ES256' as const, organisation: `${name}-${index + 1}` };
  });
}

/** Roots of another organisation each, but the first, who stays; published with the delegation that the new ones have signed. */
async function rotateRoots(version: number): Promise<void> {
  const next = [roots[0]!, await generateTestKey(), await generateTestKey()];
  const keys = organisationKeys(next, 'root');
  const signers = new Set([...roots, ...next]);
  const anchor = await signDocument('anchor', { version, iat: NOW, threshold: 2, keys }, [...signers], nodeCrypto);
  let delegation = (await desk.get('/v1/delegation')).body['delegation'] as SignedDocument;
  for (const root of next.slice(1)) delegation = await addSignature(delegation, 'delegation', root, nodeCrypto);
  expectStatus(await desk.post('/v1/admin/anchors', { anchor, delegations: [delegation] }, 'officer'), 201);
  roots = next;
}

/** An epoch with these officers: they sign what lacks their signatures beforehand, then the first round. */
async function openEpoch(epoch: number, officers: readonly TestKey[], name: string): Promise<void> {
  const { payload } = await desk.delegation(epoch, { officers: organisationKeys(officers, name) });
  let delegation: SignedDocument = { payload, signatures: [] };
  for (const root of roots.slice(1)) delegation = await addSignature(delegation, 'delegation', root, nodeCrypto);
  expectStatus(await desk.post('/v1/admin/delegations', { delegation }, 'officer'), 201);
  const { body } = await desk.getAs('auditor', '/v1/admin/documents');
  for (const { digest, type, payload: text, missingNext } of body['documents'] as readonly Listed[])
    for (const officer of officers.slice(0, missingNext.length))
      expectStatus(await desk.sign(`/v1/admin/documents/${digest}`, text, type, officer), 200);
  expect((await desk.asGate(held)).ok).toBe(true);
  await desk.adopt([], officers, epoch);
  held = await desk.trust(held);
  expect(held).toMatchObject({ epoch, seq: 1 });
}

describe('an alliance that has changed its keys many times', () => {
  it('serves its delegation with the signatures of the present roots, after ten rotations within an epoch', async () => {
    for (let version = 2; version <= TIMES + 1; version += 1) {
      await rotateRoots(version);
      held = await desk.trust(held);
      expect(held.anchor.version).toBe(version);
    }
  });

  it('opens an epoch with the signatures of its officers, after officers were replaced ten times', async () => {
    for (let epoch = 2; epoch <= TIMES + 1; epoch += 1) {
      await openEpoch(epoch, [await generateTestKey(), await generateTestKey()], `of-${epoch}`);
      expect([...held.documents.values()].filter(({ suspended }) => suspended)).toEqual([]);
    }
  });

  it('keeps every signature on record, and serves what gates take', async () => {
    const digest = await desk.alliance.digestOf('table', 'rongcheng-table-1');
    const filed = (await desk.getAs('auditor', `/v1/admin/documents/${digest}`)).body['signatures'];
    expect(filed).toHaveLength(1 + 2 * (TIMES + 1));
    const served = (await desk.get(`/v1/documents/${digest}`)).body['signatures'];
    expect(served).toHaveLength(16);
    expect((await desk.bundle()).documents.every(({ signatures }) => signatures.length <= 16)).toBe(true);
  });

  it('counts what the first officers signed at the beginning, once they are officers again', async () => {
    await openEpoch(TIMES + 2, desk.alliance.keys.officers.slice(0, 2), 'officer');
    expect([...held.documents.values()].filter(({ suspended }) => suspended)).toEqual([]);
  });
});
