import { encodeBase64url } from './base64url.js';
import type { CryptoPort } from './crypto-port.js';
import type { PublicJwk } from './jwk.js';
import { suiteOfCurve, SUITES } from './suites.js';

/** The RFC 7638 thumbprint (SHA-256, base64url): the `kid` of every key of the profile. */
export async function jwkThumbprint(jwk: PublicJwk, port: CryptoPort): Promise<string> {
  const { crv, kty, coordinates } = SUITES[suiteOfCurve(jwk.crv)];
  const held: Readonly<Record<string, string>> = jwk;
  // The names of coordinates stand behind `kty` in order; no value of a checked key needs an escape (RFC 7638 §3).
  let required = `{"crv":"${crv}","kty":"${kty}"`;
  for (const name of coordinates) required += `,"${name}":"${held[name]}"`;
  return encodeBase64url(await port.sha256(`${required}}`));
}
