import {
  KeyObject,
  createPrivateKey,
  createPublicKey,
  hash,
  randomFillSync,
  sign as signWithKey,
  verify as verifyWithKey,
  webcrypto,
} from 'node:crypto';
import { constants, deflateSync, inflateSync, type Zlib } from 'node:zlib';
import { exportJWK, generateKeyPair } from 'jose';
import { decodeBase64url } from './base64url.js';
import type { CryptoPort, SigningKey, VerificationKey } from './crypto-port.js';
import { parsePrivateJwk, publicJwkOf, type PrivateJwk, type PublicJwk } from './jwk.js';
import { jwkThumbprint } from './jwk-thumbprint.js';
import type { Signer } from './sign-jws.js';
import type { SuiteName } from './suites.js';

interface NodeSuite {
  readonly digest: 'sha256' | null;
  readonly options: { readonly dsaEncoding?: 'ieee-p1363' };
  readonly importPublicKey: (jwk: PublicJwk) => Promise<KeyObject>;
}

/** How OpenSSL is asked for each suite; keys of others are not imported. */
const NODE_SUITES: { readonly [Suite in SuiteName]?: NodeSuite } = {
  ES256: { digest: 'sha256', options: { dsaEncoding: 'ieee-p1363' }, importPublicKey: importPoint },
  EdDSA: {
    digest: null,
    options: {},
    importPublicKey: async (jwk) => createPublicKey({ key: { ...jwk }, format: 'jwk' }),
  },
};

/**
 * A point of P-256, checked as fully as a JWK's would be (on the curve, in its group). As a raw point and through WebCrypto, since
 * import and first verification together then take three quarters of the time; the import runs at once all the same.
 */
async function importPoint(jwk: PublicJwk): Promise<KeyObject> {
  if (jwk.crv !== 'P-256') throw new TypeError('a key of another curve');
  const [x, y] = [decodeBase64url(jwk.x), decodeBase64url(jwk.y)];
  if (x?.length !== 32 || y?.length !== 32) throw new TypeError('a coordinate is not 32 bytes');
  const point = new Uint8Array(65);
  point[0] = UNCOMPRESSED;
  point.set(x, 1);
  point.set(y, 33);
  return KeyObject.from(await webcrypto.subtle.importKey('raw', point, P256, true, ['verify']));
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
/** First byte of a point with both coordinates (SEC 1 §2.3.3). */
const UNCOMPRESSED = 4;

/** Signed once at import; without a dot it can never be the signing input of a JWS. */
const PROBE = 'probe';

function nodeSuite(suite: SuiteName): NodeSuite {
  const found = NODE_SUITES[suite];
  if (found === undefined) throw new TypeError(`this platform has no ${suite}`);
  return found;
}

function keyObject(key: VerificationKey | SigningKey): KeyObject {
  return key.handle as KeyObject;
}

/** The crypto port over `node:crypto` and `node:zlib`. */
export const nodeCrypto: CryptoPort = {
  sha256: (data) => Promise.resolve(hash('sha256', data, 'buffer')),

  importPublicKey: async (suite, jwk) => ({ suite, handle: await nodeSuite(suite).importPublicKey(jwk) }),

  importPrivateKey: async (suite, jwk) => {
    nodeSuite(suite);
    const signing = { suite, handle: createPrivateKey({ key: { ...jwk }, format: 'jwk' }) };
    const verifying = await nodeCrypto.importPublicKey(suite, publicJwkOf(jwk));
    // OpenSSL takes an empty `d`, or one that belongs to another public half; no one could verify what such a key signs.
    if (!(await nodeCrypto.verify(verifying, PROBE, await nodeCrypto.sign(signing, PROBE))))
      throw new TypeError('the private key does not belong to its public half');
    return signing;
  },

  verify: (key, signingInput, signature) => {
    try {
      const { digest, options } = nodeSuite(key.suite);
      const data = Buffer.from(signingInput, 'latin1');
      return Promise.resolve(verifyWithKey(digest, data, { key: keyObject(key), ...options }, signature));
    } catch {
      return Promise.resolve(false);
    }
  },

  sign: async (key, signingInput) => {
    const { digest, options } = nodeSuite(key.suite);
    return signWithKey(digest, Buffer.from(signingInput, 'latin1'), { key: keyObject(key), ...options });
  },

  randomBytes: drawRandomBytes,

  inflate: (data, maxBytes) => Promise.resolve(inflateBounded(data, maxBytes)),

  deflate: async (data) => deflateSync(data, { level: constants.Z_BEST_COMPRESSION }),
};

/**
 * The same port, but that it verifies on the thread pool: for a whole bundle, whose tens of thousands of signatures would hold
 * up everything else for seconds, and which takes as many cores as there are. One signature alone is verified faster in place.
 */
export const nodeCryptoPooled: CryptoPort = {
  ...nodeCrypto,
  verify: (key, signingInput, signature) =>
    new Promise((resolve) => {
      try {
        const { digest, options } = nodeSuite(key.suite);
        const data = Buffer.from(signingInput, 'latin1');
        verifyWithKey(digest, data, { key: keyObject(key), ...options }, signature, (error, isValid) =>
          resolve(error === null && isValid),
        );
      } catch {
        resolve(false);
      }
    }),
};

/** Generates a key pair; the private JWK. Through WebCrypto: exporting a generated `KeyObject` as JWK can deadlock Node 20. */
export async function generatePrivateJwk(suite: SuiteName): Promise<PrivateJwk> {
  nodeSuite(suite);
  const { privateKey } = await generateKeyPair(suite, { extractable: true });
  const jwk = parsePrivateJwk(await exportJWK(privateKey), suite);
  if (!jwk.ok) throw new TypeError(`the platform made a key of another kind for ${suite}`);
  return jwk.value;
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
