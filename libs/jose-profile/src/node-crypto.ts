import {
  createPrivateKey,
  createPublicKey,
  hash,
  randomFillSync,
  sign as signWithKey,
  verify as verifyWithKey,
  type KeyObject,
} from 'node:crypto';
import { constants, deflateSync, inflateSync, type Zlib } from 'node:zlib';
import { exportJWK, generateKeyPair } from 'jose';
import type { CryptoPort, SigningKey, VerificationKey } from './crypto-port.js';
import { publicJwkOf, type PrivateJwk, type PublicJwk } from './jwk.js';
import { jwkThumbprint } from './jwk-thumbprint.js';
import type { Signer } from './sign-jws.js';
import type { SuiteName } from './suites.js';

const DIGEST: Record<SuiteName, 'sha256' | null> = { ES256: 'sha256', EdDSA: null };

/** Signed once at import; without a dot it can never be the signing input of a JWS. */
const PROBE = 'probe';

function options(key: KeyObject, suite: SuiteName): { key: KeyObject; dsaEncoding?: 'ieee-p1363' } {
  return suite === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : { key };
}

function keyObject(key: VerificationKey | SigningKey): KeyObject {
  return key.handle as KeyObject;
}

/** The crypto port over `node:crypto` and `node:zlib`. */
export const nodeCrypto: CryptoPort = {
  sha256: (data) => Promise.resolve(hash('sha256', data, 'buffer')),

  // Declared async so that a key OpenSSL refuses is a rejection, not a synchronous throw.
  importPublicKey: async (suite, jwk) => ({ suite, handle: createPublicKey({ key: { ...jwk }, format: 'jwk' }) }),

  importPrivateKey: async (suite, jwk) => {
    const signing = { suite, handle: createPrivateKey({ key: { ...jwk }, format: 'jwk' }) };
    const verifying = await nodeCrypto.importPublicKey(suite, publicJwkOf(jwk));
    // OpenSSL takes an empty `d`, or one that belongs to another public half; no one could verify what such a key signs.
    if (!(await nodeCrypto.verify(verifying, PROBE, await nodeCrypto.sign(signing, PROBE))))
      throw new TypeError('the private key does not belong to its public half');
    return signing;
  },

  verify: (key, signingInput, signature) => {
    try {
      const data = Buffer.from(signingInput, 'latin1');
      return Promise.resolve(verifyWithKey(DIGEST[key.suite], data, options(keyObject(key), key.suite), signature));
    } catch {
      return Promise.resolve(false);
    }
  },

  sign: async (key, signingInput) =>
    signWithKey(DIGEST[key.suite], Buffer.from(signingInput, 'latin1'), options(keyObject(key), key.suite)),

  randomBytes: drawRandomBytes,

  inflate: (data, maxBytes) => Promise.resolve(inflateBounded(data, maxBytes)),

  deflate: async (data) => deflateSync(data, { level: constants.Z_BEST_COMPRESSION }),
};

/** Generates a key pair; the private JWK. Through WebCrypto: exporting a generated `KeyObject` as JWK can deadlock Node 20. */
export async function generatePrivateJwk(suite: SuiteName): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair(suite, { extractable: true });
  const { kty, crv, x, y, d } = await exportJWK(privateKey);
  if (kty === 'EC' && crv === 'P-256' && x && y && d) return { kty: 'EC', crv, x, y, d };
  if (kty === 'OKP' && crv === 'Ed25519' && x && d) return { kty: 'OKP', crv, x, d };
  throw new TypeError(`the platform made a key of another kind for ${suite}`);
}

/** A signer over a private JWK, its `kid` computed. */
export async function nodeSigner(
  suite: SuiteName,
  jwk: PrivateJwk,
): Promise<Signer & { readonly publicJwk: PublicJwk }> {
  const publicJwk = publicJwkOf(jwk);
  const key = await nodeCrypto.importPrivateKey(suite, jwk);
  return { key, kid: await jwkThumbprint(publicJwk, nodeCrypto), publicJwk };
}

/** Randomness drawn ahead, since asking the platform costs more than the bytes. Whatever is handed out is wiped here. */
const pool = new Uint8Array(4096);
let poolAt = pool.length;

function drawRandomBytes(length: number): Uint8Array {
  if (length > pool.length) return randomFillSync(new Uint8Array(length));
  if (poolAt + length > pool.length) {
    randomFillSync(pool);
    poolAt = 0;
  }
  const drawn = pool.slice(poolAt, poolAt + length);
  pool.fill(0, poolAt, poolAt + length);
  poolAt += length;
  return drawn;
}

/** At once rather than on another thread: what is bounded to a fraction of a millisecond does not wait for one. */
function inflateBounded(data: Uint8Array, maxBytes: number): Uint8Array | undefined {
  try {
    const inflated: unknown = inflateSync(data, { maxOutputLength: maxBytes, info: true });
    const { buffer, engine } = inflated as { readonly buffer: Buffer; readonly engine: Zlib };
    return engine.bytesWritten === data.length ? buffer : undefined;
  } catch {
    return undefined;
  }
}
