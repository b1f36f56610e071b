import { encodeBase64url } from './base64url.js';
import type { CryptoPort } from './crypto-port.js';
import type { PublicJwk } from './jwk.js';

/** The RFC 7638 thumbprint (SHA-256, base64url): the `kid` of every key of the profile. */
export async function jwkThumbprint(jwk: PublicJwk, port: CryptoPort): Promise<string> {
  const required =
    jwk.kty === 'EC'
      ? `{"crv":"${jwk.crv}","kty":"EC","x":"${jwk.x}","y":"${jwk.y}"}`
      : `{"crv":"${jwk.crv}","kty":"OKP","x":"${jwk.x}"}`;
  return encodeBase64url(await port.sha256(required));
}
