import { encodeBase64url, type CryptoPort } from '#libs/jose-profile';

/**
 * What a round signs for all documents at once: `base64url(SHA-256(digests sorted ascending, joined by "\n"))`. The order
 * given does not matter; digests are ASCII, so UTF-16 order is byte order.
 */
export async function docsRoot(digests: readonly string[], port: CryptoPort): Promise<string> {
  return encodeBase64url(await port.sha256(digests.toSorted().join('\n')));
}
