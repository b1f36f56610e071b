import { createPublicKey, hash, verify, type JsonWebKey, type KeyObject } from 'node:crypto';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { encodeBase64url, parseCompactJws, signBoundJws, signCompactJws, type JsonObject } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { buildVisitWorld, type VisitWorld } from '#libs/testing/alliance';
import { inTurn, rateRatio } from '../measure.js';

/** What the peer is given: the presentation and the nonce it must hold. */
interface PeerPresentation {
  readonly text: string;
  readonly nonce: string;
}

const ISSUER = 'https://rongcheng.example';

/**
 * The whole verdict (trust, status, table, offer included) as rate against `@sd-jwt/sd-jwt-vc` doing signature, disclosures and
 * key binding alone, its callbacks straight over node:crypto.
 */
export async function verifySdJwt(): Promise<number> {
  const world = await buildVisitWorld(Math.floor(Date.now() / 1000));
  const [texts, stripped]: [string[], PeerPresentation[]] = [[], []];
  for (let idx = 0; idx < 32; idx += 1) {
    const { text, forPeer } = await presentTwice(world, idx);
    texts.push(text);
    stripped.push(forPeer);
  }
  const [next, nextForPeer] = [inTurn(texts), inTurn(stripped)];
  const verifyOne = async (): Promise<void> => {
    const { code } = await world.verdictOf(next());
    if (code !== 'granted') throw new Error(`bench: ${code}`);
  };
  const peer = openPeer(world);
  const peerVerifyOne = async (): Promise<void> => {
    const { text, nonce } = nextForPeer();
    await peer.verify(text, { keyBindingNonce: nonce });
  };
  return rateRatio(verifyOne, peerVerifyOne);
}

function openPeer({ alliance }: VisitWorld): SDJwtVcInstance {
  const issuerKey = createPublicKey({ key: { ...alliance.keys.member(ISSUER).attest.publicJwk }, format: 'jwk' });
  return new SDJwtVcInstance({
    hasher: (data) => hash('sha256', typeof data === 'string' ? data : new Uint8Array(data), 'buffer'),
    verifier: (data, signature) => check(data, signature, issuerKey),
    kbVerifier: (data, signature, payload) => {
      const { jwk } = payload['cnf'] as { readonly jwk: JsonWebKey };
      return check(data, signature, createPublicKey({ key: jwk, format: 'jwk' }));
    },
  });
}

function check(data: string, signature: string, key: KeyObject): boolean {
  return verify('sha256', Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
}

/** One presentation, and the same without `status`, which the peer would fetch a list for. */
async function presentTwice(
  world: VisitWorld,
  idx: number,
): Promise<{ readonly text: string; readonly forPeer: PeerPresentation }> {
  const proof = await world.issue({ idx });
  const text = await world.present({ proof });
  const [issued = '', disclosure = '', bound = ''] = text.split('~');
  const { status: _status, ...claims } = payloadOf(issued, 'dc+sd-jwt');
  const { attest } = world.alliance.keys.member(ISSUER);
  const sdJwt = `${await signCompactJws('dc+sd-jwt', claims, attest, nodeCrypto)}~${disclosure}~`;
  const binding = payloadOf(bound, 'kb+jwt');
  const rebound = { ...binding, sd_hash: encodeBase64url(await nodeCrypto.sha256(sdJwt)) };
  const keyBinding = await signBoundJws('kb+jwt', rebound, proof.holderKey, nodeCrypto);
  return { text, forPeer: { text: sdJwt + keyBinding, nonce: binding['nonce'] as string } };
}

function payloadOf(token: string, typ: string): JsonObject {
  const parsed = parseCompactJws(token, { typ });
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.value.payload;
}
