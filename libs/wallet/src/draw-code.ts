import { encodePresentationQr } from '#libs/attestation';
import type { CryptoPort, SigningKey } from '#libs/jose-profile';
import { presentAttestation, type Answer } from './answer.js';
import type { HeldAttestation } from './held-attestation.js';

/**
 * The text of a rotating QR code: one threshold, bound to one site, under a fresh nonce. To be drawn anew every thirty
 * seconds (design §4.2); a gate takes it for twice as long.
 * @param host upper-case host of the page that opens when a messenger scans the code
 * @throws RangeError when the threshold or the person is not held
 */
export async function drawCode(
  held: HeldAttestation,
  answer: Omit<Answer, 'nonce'>,
  holderKey: SigningKey,
  host: string,
  port: CryptoPort,
): Promise<string> {
  return encodePresentationQr(await presentAttestation(held, answer, holderKey, port), host);
}
