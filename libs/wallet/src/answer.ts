import { signKeyBinding } from '#libs/attestation';
import { encodeBase64url, type CryptoPort, type SigningKey } from '#libs/jose-profile';
import type { HeldAttestation } from './held-attestation.js';

export interface Answer {
  /** The one threshold to disclose. */
  readonly threshold: string;
  /** Whether to disclose the masked person too: only for offers that say a document is checked. */
  readonly withPerson: boolean;
  /** The site for a rotating QR, the session's client_id for a session. */
  readonly audience: string;
  /** The session's nonce; left out, the wallet makes 128 random bits (rotating QR). */
  readonly nonce?: string;
  /** Unix seconds. */
  readonly iat: number;
  readonly offer: string;
}

/**
 * Presents one threshold, bound to one audience: `<jws>~<disclosure>~[<person>~]<key-binding jwt>`.
 * @throws RangeError when the threshold or the person is not held: a wallet never sends what would fail
 */
export async function presentAttestation(
  held: HeldAttestation,
  answer: Answer,
  holderKey: SigningKey,
  port: CryptoPort,
): Promise<string> {
  const disclosures = [held.thresholds.get(answer.threshold), ...(answer.withPerson ? [held.person] : [])];
  if (disclosures.includes(undefined)) throw new RangeError('the wallet does not hold what it was to disclose');
  const sdJwt = [held.jws, ...disclosures, ''].join('~');
  const { iat, audience: aud, offer, nonce = encodeBase64url(port.randomBytes(16)) } = answer;
  return sdJwt + (await signKeyBinding(sdJwt, { iat, aud, nonce, offer }, holderKey, port));
}
