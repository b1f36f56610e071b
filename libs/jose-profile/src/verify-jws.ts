import type { ParsedJws } from './compact-jws.js';
import type { CryptoPort, VerificationKey } from './crypto-port.js';

/**
 * Whether a parsed JWS was signed with this very key. False, never an exception, when the header's `alg` is not the suite
 * that the key is pinned to (RFC 8725 §3.1: a token does not choose its algorithm).
 */
export async function isSignedBy(
  jws: Pick<ParsedJws, 'alg' | 'signingInput' | 'signature'>,
  key: VerificationKey,
  port: CryptoPort,
): Promise<boolean> {
  return jws.alg === key.suite && (await port.verify(key, jws.signingInput, jws.signature));
}
