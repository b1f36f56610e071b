import { encodeBase64url } from './base64url.js';
import type { CryptoPort } from './crypto-port.js';
import { publicJwkOf, type PublicJwk } from './jwk.js';

/** The RFC 7638 thumbprint (SHA-256, base64url): the `kid` of every key of the profile. */
export async function jwkThumbprint(jwk: PublicJwk, port: CryptoPort): Promise<string> {
  return encodeBase64url(await port.sha256(JSON.stringify(publicJwkOf(jwk))));
}
