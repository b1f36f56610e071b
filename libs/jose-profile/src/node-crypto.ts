import {
  createHash,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign as signWithKey,
  verify as verifyWithKey,
  type KeyObject,
} from 'node:crypto';
import { constants, createInflate, deflateSync } from 'node:zlib';
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
  sha256: (data) =>
    Promise.resolve(
      typeof data === 'string'
        ? createHash('sha256').update(data, 'latin1').digest()
        : createHash('sha256').update(data).digest(),
    ),

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

  randomBytes: (length) => randomBytes(length),

  inflate: inflateBounded,

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

function inflateBounded(data: Uint8Array, maxBytes: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const stream = createInflate({ finishFlush: constants.Z_FINISH });
    const chunks: Buffer[] = [];
    let total = 0;
    const settle = (value: Uint8Array | undefined): void => {
      stream.removeAllListeners('data');
      stream.destroy();
      resolve(value);
    };
    stream.on('data', (chunk: Buffer) => {
      total += chunk.length;
      if (total > maxBytes) settle(undefined);
      else chunks.push(chunk);
    });
    stream.on('error', () => settle(undefined));
    stream.on('end', () => settle(stream.bytesWritten === data.length ? Buffer.concat(chunks, total) : undefined));
    stream.end(data);
  });
}
