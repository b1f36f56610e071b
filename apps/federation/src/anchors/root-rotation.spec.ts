import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { addSignature, signDocument, type AllianceTrust, type SignedDocument } from '#libs/alliance';
import type { Signer } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { generateTestKey, type TestKey } from '#libs/testing';
import { type Answer, expectStatus, FederationDesk, NOW } from '../../../../test/federation/federation-desk.js';

let desk: FederationDesk;
let old: readonly TestKey[];
let roots: readonly TestKey[];
let held: AllianceTrust;
beforeAll(async () => {
  desk = await FederationDesk.start({ config: { foundedAt: '2025-12-01' } });
  await desk.found();
  held = await desk.trust();
  old = desk.alliance.keys.roots;
  roots = [await generateTestKey(), await generateTestKey(), await generateTestKey()];
});
afterAll(() => desk.close());

function anchor(version: number, signers: readonly Signer[]): Promise<SignedDocument> {
  const keys = roots.map(({ publicJwk }, index) => {
    return { jwk: publicJwk, alg: 'ES256' as const, organisation: `root-${index + 1}` };
  });
  return signDocument('anchor', { version, iat: NOW, threshold: 2, keys }, signers, nodeCrypto);
}

async function cosigned(): Promise<SignedDocument> {
  const { body } = await desk.get('/v1/delegation');
  let delegation = body['delegation'] as SignedDocument;
  for (const root of roots.slice(1)) delegation = await addSignature(delegation, 'delegation', root, nodeCrypto);
  return delegation;
}

const install = (document: SignedDocument, delegations: readonly SignedDocument[] = []): Promise<Answer> =>
  desk.post('/v1/admin/anchors', { anchor: document, delegations }, 'officer');

describe('a rotation of the roots (design §4.5: signed by the old and new thresholds)', () => {
  it('takes an officer to hand it in', async () => {
    const document = await anchor(2, [...old, ...roots]);
    expect((await desk.post('/v1/admin/anchors', { anchor: document })).body.code).toBe('STAFF_TOKEN_MISSING');
    expect((await desk.post('/v1/admin/anchors', { anchor: document }, 'registrar')).body.code).toBe(
      'STAFF_ROLE_MISSING',
    );
  });

  it('is refused without both thresholds, or as another version than the next', async () => {
    for (const signers of [old, roots, [old[0]!, ...roots], [...old, roots[0]!]]) {
      const refused = await install(await anchor(2, signers));
      expect(refused).toMatchObject({ status: 422, body: { code: 'ANCHOR_REFUSED' } });
      expect(refused.body.fields).toEqual([{ path: '/anchor', message: 'SIGNATURES_MISSING' }]);
    }
    expect((await install(await anchor(3, [...old, ...roots]))).body.code).toBe('ANCHOR_NOT_NEXT');
  });

  it('waits for the delegation that the new roots have signed: gates must find both at once', async () => {
    const document = await anchor(2, [old[0]!, old[2]!, ...roots]);
    const refused = await install(document);
    expect(refused).toMatchObject({ status: 409, body: { code: 'BUNDLE_REFUSED' } });
    expect(refused.body.fields).toEqual([{ path: '/delegation', message: 'SIGNATURES_MISSING' }]);
    expect((await desk.get('/v1/head')).body).not.toHaveProperty('anchors');
  });

  it('is published with the next head, under the same delegation, for gates that know the old roots and the new', async () => {
    const document = await anchor(2, [old[0]!, old[2]!, ...roots]);
    expect(expectStatus(await install(document, [await cosigned()]), 201).body['version']).toBe(2);
    const bundle = await desk.bundle();
    expect(bundle.anchors).toEqual([document]);
    expect(bundle.delegation.signatures).toHaveLength(4);
    const { anchors: _, ...withheld } = (await desk.get('/v1/bundle')).body;
    expect(withheld).toHaveProperty('delegation', bundle.delegation);
    const next = await desk.trust(held);
    expect(next).toMatchObject({ epoch: 1, seq: held.seq + 1, anchor: { version: 2 } });
    expect(next.delegationDigest).toBe(held.delegationDigest);
    held = next;
    expectStatus(await install(document), 201);
    expect((await install(await anchor(2, [...old, ...roots.slice(0, 2)]))).body['version']).toBe(2);
    expect((await desk.trust(held)).seq).toBe(held.seq);
  });

  it('leaves former roots without a say, and the next delegation to the new ones', async () => {
    const stolen = await desk.install(2);
    expect(stolen).toMatchObject({ status: 422, body: { code: 'DELEGATION_REFUSED' } });
    const { payload } = await desk.delegation(2);
    let delegation: SignedDocument = { payload, signatures: [] };
    for (const root of roots) delegation = await addSignature(delegation, 'delegation', root, nodeCrypto);
    expectStatus(await desk.post('/v1/admin/delegations', { delegation }, 'officer'), 201);
    await desk.adopt([], undefined, 2);
    expect(await desk.trust(held)).toMatchObject({ epoch: 2, seq: 1, anchor: { version: 2 } });
  });

  it('is kept: a delegation only ever gains signatures, an anchor never changes', async () => {
    const database = desk.running.app.get(DataSource, { strict: false });
    const kept = { code: '23001' };
    for (const statement of [
      'UPDATE anchor SET signatures = signatures[2:]',
      'DELETE FROM anchor',
      'UPDATE delegation SET signatures = signatures[2:]',
      'UPDATE delegation SET payload = signatures[1]',
      'DELETE FROM delegation',
    ])
      await expect(database.query(statement)).rejects.toMatchObject({ driverError: kept });
  });
});
