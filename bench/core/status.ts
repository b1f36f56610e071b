import { inflateSync } from 'node:zlib';
import type { CryptoPort } from '#libs/jose-profile';
import { generatePrivateJwk, nodeCrypto, nodeSigner } from '#libs/jose-profile/node';
import { createStatusList, decodeStatusList, setStatus, signStatusList } from '#libs/status-list';
import { rateRatio } from '../measure.js';

const ENTRIES = 2 ** 20;
const ISSUER = 'https://rongcheng.example';
const URI = `${ISSUER}/s/1`;

/**
 * A list of 2^20 entries, one in a hundred revoked, decoded, as time against bare inflation of the same bytes. The signature is
 * left out of both sides: it costs the same whoever checks it, so here the port says yes at once.
 */
export async function statusDecode(): Promise<number> {
  const signer = await nodeSigner('ES256', await generatePrivateJwk('ES256'));
  const key = await nodeCrypto.importPublicKey('ES256', signer.publicJwk);
  const bits = createStatusList(ENTRIES);
  for (const index of randomIndexes(ENTRIES / 100)) setStatus(bits, index, 1);
  const claims = { iss: ISSUER, uri: URI, bits, iat: 1_795_400_000, ttlSeconds: 300 };
  const token = await signStatusList(claims, signer, nodeCrypto);
  const port: CryptoPort = { ...nodeCrypto, verify: () => Promise.resolve(true) };
  const decode = async (): Promise<void> => {
    const decoded = await decodeStatusList(token, { uri: URI, issuer: ISSUER, key }, port);
    if (!decoded.ok) throw new Error(decoded.fault);
  };
  const packed = await nodeCrypto.deflate(bits.bytes);
  return 1 / (await rateRatio(decode, () => inflateSync(packed)));
}

/** The same ones in every run: xorshift32 from a fixed seed. */
function* randomIndexes(count: number): Generator<number> {
  let state = 20_261_122;
  for (let drawn = 0; drawn < count; drawn += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield (state >>> 0) % ENTRIES;
  }
}
