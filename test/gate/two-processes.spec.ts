import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { addSignature, documentDigest, type SignedDocument, type SignedType } from '#libs/alliance';
import { nodeCrypto } from '#libs/jose-profile/node';
import { generateTestKey, waitFor, type TestKey } from '#libs/testing';
import { gateWorld, NOW, type GateWorld, type TestGate } from './gate-world.js';

let world: GateWorld;
beforeEach(async () => {
  world = await gateWorld();
});
afterEach(() => world.stop());

const untilFault = (gate: TestGate, fault: string) => waitFor(async () => (await gate.trust()).lastFault === fault);

/** Signed by new officers in place of the former ones. */
async function signedAnew(document: SignedDocument, officers: readonly TestKey[]): Promise<SignedDocument> {
  const { type } = JSON.parse(Buffer.from(document.payload, 'base64url').toString()) as { type: SignedType };
  if (type === 'offer') return document;
  const former = world.alliance.keys.officers.map(({ kid }) => kid);
  const kept = document.signatures.filter((each) => {
    const header = JSON.parse(Buffer.from(each.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
    return !former.includes(header.kid);
  });
  let signed: SignedDocument = { payload: document.payload, signatures: kept };
  for (const officer of officers) signed = await addSignature(signed, type, officer, nodeCrypto);
  return signed;
}

/** The next head of epoch 1, over one agreement more, and the first of epoch 2, all of it signed by new officers. */
async function nextBundles() {
  const { alliance } = world;
  const [plan] = alliance.plan.agreements;
  if (plan === undefined) throw new Error('no agreement');
  const added = await alliance.sign('agreement', { ...plan, id: 'later' });
  const documents = [...alliance.bundle.documents, added];
  const next = await alliance.headAt(NOW - 40, { documents, round: { round: 2 } });
  const officers = [await generateTestKey(), await generateTestKey()];
  const listed = officers.map(({ publicJwk }, index) => {
    return { jwk: publicJwk, alg: 'ES256' as const, organisation: `new-${index}` };
  });
  const anew = await Promise.all(documents.map((document) => signedAnew(document, officers)));
  const delegation = { epoch: 2, officers: listed };
  const head = { seq: 1, prev: '' };
  const second = await alliance.headAt(NOW - 30, { documents: anew, delegation, head });
  const higher = { ...second, round: await signedAnew(second.round, officers) };
  return { next, higher, added: await documentDigest(added, nodeCrypto) };
}

describe('two processes on one database of a gate (design §4.5)', () => {
  it('lose no higher epoch, nor go back after a restart, when the slow one ends after the quick one', async () => {
    const { next, higher, added } = await nextBundles();
    await (await world.start()).close();
    const source = await world.mirror();
    await source.publish(next);
    const document = `/v1/documents/${added}`;
    source.hold((path) => path === document);
    const slow = await world.start({ federationUrl: source.url });
    await waitFor(() => source.asked.includes(document));
    const quick = await world.start();
    await world.upstream.publish(higher);
    await waitFor(async () => (await quick.trust()).epoch === 2);
    source.release();
    await untilFault(slow, 'EPOCH_LOWER');
    for (const gate of [slow, quick]) {
      expect(await gate.trust()).toMatchObject({ epoch: 2, seq: 1, round: 1 });
      await gate.close();
    }
    const offline = await world.start({ federationUrl: undefined });
    expect(await offline.trust()).toMatchObject({ epoch: 2, seq: 1, lastFault: null });
    await offline.close();
    const behind = await world.start({ federationUrl: source.url });
    await untilFault(behind, 'EPOCH_LOWER');
    expect(await behind.trust()).toMatchObject({ epoch: 2, seq: 1 });
  });

  it('take no older head where what was kept cannot be read any more', async () => {
    const gate = await world.start();
    await world.upstream.publish(await world.alliance.headAt(NOW - 30));
    await waitFor(async () => (await gate.trust()).seq === 2);
    await gate.app.get(DataSource).query("UPDATE alliance_document SET signatures = '{}' WHERE type = 'offer'");
    await gate.close();
    const offline = await world.start({ federationUrl: undefined });
    expect(await offline.trust()).toMatchObject({ epoch: null, lastFault: 'SIGNATURES_MISSING' });
    await offline.close();
    await world.upstream.publish(world.alliance.bundle);
    const again = await world.start({}, async (each) => (await each.trust()).lastFault === 'SEQ_LOWER');
    expect(await again.trust()).toMatchObject({ epoch: null });
    await world.upstream.publish(await world.alliance.headAt(NOW - 20, { head: { seq: 4 } }));
    await waitFor(async () => (await again.trust()).seq === 4);
  });
});
