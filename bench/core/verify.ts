import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { generatePrivateJwk, nodeCrypto, nodeSigner } from '#libs/jose-profile/node';
import { buildVisitWorld } from '#libs/testing/alliance';
import { inTurn, rateRatio } from '../measure.js';

/**
 * One presentation, in process and on one thread, as rate against what no verifier can leave out: one verification with a warm
 * key, importing the holder's key, one verification with that.
 */
export async function verifyFloor(): Promise<number> {
  const world = await buildVisitWorld(Math.floor(Date.now() / 1000));
  const texts: string[] = [];
  for (let idx = 0; idx < 64; idx += 1) texts.push(await world.present({ idx }));
  const next = inTurn(texts);
  const verifyOne = async (): Promise<void> => {
    const { code } = await world.verdictOf(next());
    if (code !== 'granted') throw new Error(`bench: ${code}`);
  };
  const nextRaw = inTurn(await rawPairs(16));
  const floor = (): void => {
    const { data, issuerKey, issuerSignature, holderJwk, holderSignature } = nextRaw();
    verify('sha256', data, { key: issuerKey, dsaEncoding: 'ieee-p1363' }, issuerSignature);
    const holderKey = createPublicKey({ key: holderJwk, format: 'jwk' });
    verify('sha256', data, { key: holderKey, dsaEncoding: 'ieee-p1363' }, holderSignature);
  };
  return rateRatio(verifyOne, floor);
}

interface RawPair {
  readonly data: Buffer;
  readonly issuerKey: KeyObject;
  readonly issuerSignature: Buffer;
  readonly holderJwk: Record<string, string>;
  readonly holderSignature: Buffer;
}

async function rawPairs(count: number): Promise<readonly RawPair[]> {
  const issuer = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  const pairs: RawPair[] = [];
  for (let index = 0; index < count; index += 1) {
    const holder = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
    const data = Buffer.from('x'.repeat(900) + index);
    pairs.push({
      data,
      issuerKey: createPublicKey({ key: { ...issuer.publicJwk }, format: 'jwk' }),
      issuerSignature: Buffer.from(await nodeCrypto.sign(issuer.key, data.toString())),
      holderJwk: { ...holder.publicJwk },
      holderSignature: Buffer.from(await nodeCrypto.sign(holder.key, data.toString())),
    });
  }
  return pairs;
}
