import { decodeBase64url, encodeBase64url, type CryptoPort } from '#libs/jose-profile';
import type { BitsPerStatus, StatusBits } from './status-bits.js';

/** The `lst` of packed statuses: base64url of their zlib stream (Token Status List §4.1, RFC 1950). */
export async function compressStatusBits(list: StatusBits, port: CryptoPort): Promise<string> {
  return encodeBase64url(await port.deflate(list.bytes));
}

/**
 * Unpacks an `lst`. `undefined` when it is not canonical base64url, not one whole zlib stream, empty, or inflates to more
 * than `maxEntries` statuses; inflation stops there, so a small text that would become gigabytes costs no more than a full list.
 */
export async function inflateStatusBits(
  lst: string,
  bits: BitsPerStatus,
  maxEntries: number,
  port: CryptoPort,
): Promise<StatusBits | undefined> {
  const compressed = decodeBase64url(lst);
  const bytes = compressed && (await port.inflate(compressed, Math.floor((maxEntries * bits) / 8)));
  return bytes === undefined || bytes.length === 0 ? undefined : { bits, bytes };
}
