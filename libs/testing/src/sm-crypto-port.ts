import { sm2 } from 'sm-crypto-v2';
import { encodeBase64url, type CryptoPort, type PrivateJwk, type PublicJwk } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';

/**
 * The Node port and SM2 with SM3 besides, over a library in plain JavaScript: what adding a suite to a port takes. For tests, not
 * for a gate: it is slow and takes no care against timing.
 */
export const smCrypto: CryptoPort = {
  ...nodeCrypto,

  importPublicKey: async (suite, jwk) => {
    if (suite !== 'SM2') return nodeCrypto.importPublicKey(suite, jwk);
    const point = pointOf(jwk);
    if (!sm2.verifyPublicKey(point)) throw new TypeError('not a point of the curve');
    return { suite, handle: point };
  },

  importPrivateKey: async (suite, jwk) => {
    if (suite !== 'SM2') return nodeCrypto.importPrivateKey(suite, jwk);
    const [secret, point] = [hexOf(jwk.d), pointOf(jwk)];
    if (sm2.getPublicKeyFromPrivateKey(secret) !== point)
      throw new TypeError('the private key does not belong to its public half');
    return { suite, handle: { secret, point } };
  },

  verify: async (key, signingInput, signature) => {
    if (key.suite !== 'SM2') return nodeCrypto.verify(key, signingInput, signature);
    try {
      const signed = Buffer.from(signature).toString('hex');
      return sm2.doVerifySignature(Buffer.from(signingInput, 'latin1'), signed, key.handle as string, { hash: true });
    } catch {
      return false;
    }
  },

  sign: async (key, signingInput) => {
    if (key.suite !== 'SM2') return nodeCrypto.sign(key, signingInput);
    const { secret, point } = key.handle as { readonly secret: string; readonly point: string };
    const options = { hash: true, publicKey: point };
    return Buffer.from(sm2.doSignature(Buffer.from(signingInput, 'latin1'), secret, options), 'hex');
  },
};

/** A fresh SM2 key. */
export function generateSmJwk(): PrivateJwk {
  const { privateKey, publicKey } = sm2.generateKeyPairHex();
  const [x, y, d] = [publicKey.slice(2, 66), publicKey.slice(66), privateKey.padStart(64, '0')].map((hex) =>
    encodeBase64url(Buffer.from(hex, 'hex')),
  ) as [string, string, string];
  return { kty: 'EC', crv: 'SM2', x, y, d };
}

function pointOf(jwk: PublicJwk): string {
  if (jwk.crv !== 'SM2') throw new TypeError('not a key of this suite');
  return `04${hexOf(jwk.x)}${hexOf(jwk.y)}`;
}

function hexOf(text: string): string {
  return Buffer.from(text, 'base64url').toString('hex');
}
