import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { addSignature, documentDigest, type Bundle, type SignedDocument, type SignedType } from '#libs/alliance';
import { nodeCrypto } from '#libs/jose-profile/node';
import { generateTestKey, waitFor, type TestKey } from '#libs/testing';
import type { TrustState } from './federated-gate.js';
import { gateWorld, NOW, type GateWorld, type TestGate } from './gate-world.js';

let world: GateWorld;
const servers: Server[] = [];
beforeEach(async () => {
  world = await gateWorld();
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await world.stop();
});

const stateOf = async (gate: TestGate): Promise<TrustState> => (await gate.manager.get<TrustState>('/v1/trust')).body;
const untilFault = (gate: TestGate, fault: string) => waitFor(async () => (await stateOf(gate)).lastFault === fault);

/** Serves a bundle; the request for one document waits until it is released. */
async function slowSource({ documents, ...parts }: Bundle, held: string) {
  const payload = JSON.parse(Buffer.from(parts.round.payload, 'base64url').toString()) as { docs_root: string };
  const pages = new Map<string, unknown>([
    ['/v1/head', parts],
    ['/v1/bundle', { ...parts, documents }],
  ]);
  const digests = await Promise.all(documents.map((document) => documentDigest(document, nodeCrypto)));
  pages.set(`/v1/rounds/${payload.docs_root}/documents`, { digests });
  documents.forEach((document, index) => pages.set(`/v1/documents/${digests[index]}`, document));
  const waiting: (() => void)[] = [];
  let isReleased = false;
  const server = createServer(({ url = '' }, response) => {
    const answer = (): unknown => response.writeHead(200).end(JSON.stringify(pages.get(url)));
    if (url === `/v1/documents/${held}` && !isReleased) waiting.push(answer);
    else answer();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isAsked: () => waiting.length > 0,
    release: () => {
      isReleased = true;
      for (const answer of waiting.splice(0)) answer();
    },
  };
}

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
    const source = await slowSource(next, added);
    const slow = await world.start({ federationUrl: source.url });
    await waitFor(source.isAsked);
    const quick = await world.start();
    await world.upstream.publish(higher);
    await waitFor(async () => (await stateOf(quick)).epoch === 2);
    source.release();
    await untilFault(slow, 'EPOCH_LOWER');
    for (const gate of [slow, quick]) {
      expect(await stateOf(gate)).toMatchObject({ epoch: 2, seq: 1, round: 1 });
      await gate.close();
    }
    const offline = await world.start({ federationUrl: undefined });
    expect(await stateOf(offline)).toMatchObject({ epoch: 2, seq: 1, lastFault: null });
    await offline.close();
    const behind = await world.start({ federationUrl: source.url });
    await untilFault(behind, 'EPOCH_LOWER');
    expect(await stateOf(behind)).toMatchObject({ epoch: 2, seq: 1 });
  });

  it('take no older head where what was kept cannot be read any more', async () => {
    const gate = await world.start();
    await world.upstream.publish(await world.alliance.headAt(NOW - 30));
    await waitFor(async () => (await stateOf(gate)).seq === 2);
    await gate.app.get(DataSource).query("UPDATE alliance_document SET signatures = '{}' WHERE type = 'offer'");
    await gate.close();
    const offline = await world.start({ federationUrl: undefined });
    expect(await stateOf(offline)).toMatchObject({ epoch: null, lastFault: 'SIGNATURES_MISSING' });
    await offline.close();
    await world.upstream.publish(world.alliance.bundle);
    const again = await world.start({}, async (each) => (await stateOf(each)).lastFault === 'SEQ_LOWER');
    expect(await stateOf(again)).toMatchObject({ epoch: null });
    await world.upstream.publish(await world.alliance.headAt(NOW - 20, { head: { seq: 4 } }));
    await waitFor(async () => (await stateOf(again)).seq === 4);
  });
});
