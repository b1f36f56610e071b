const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const CODES = new TextEncoder().encode(ALPHABET);
/** Above the 24 bits of a group of four characters, so that one look at the end tells whether any of them was foreign. */
const FOREIGN = 1 << 24;
const [FIRST, SECOND, THIRD, FOURTH] = [valuesAt(18), valuesAt(12), valuesAt(6), valuesAt(0)] as const;

/** Text passes through here a chunk at a time: a typed array is read and written far faster than a string, character by character. */
const CHUNK_CHARS = 4096;
const CHUNK_BYTES = (CHUNK_CHARS / 4) * 3;
const chunk = new Uint8Array(CHUNK_CHARS);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Base64url without padding (RFC 7515 §2). */
export function encodeBase64url(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES)
    text += decoder.decode(chunk.subarray(0, encodeChunk(bytes, from, Math.min(from + CHUNK_BYTES, bytes.length))));
  return text;
}

/**
 * Decodes canonical base64url: no padding, no character outside the alphabet, no non-zero trailing bits (RFC 4648 §3.5).
 * Exactly one text decodes to given bytes, so a digest over the text is a digest over the bytes. `undefined` otherwise.
 */
export function decodeBase64url(text: string): Uint8Array | undefined {
  if (text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array((text.length * 3) >> 2);
  let at = 0;
  for (let from = 0; from < text.length; from += CHUNK_CHARS) {
    const part = text.length <= CHUNK_CHARS ? text : text.slice(from, from + CHUNK_CHARS);
    // A character beyond ASCII becomes bytes that are foreign, or leaves the chunk short.
    const { written } = encoder.encodeInto(part, chunk);
    if (written !== part.length || !decodeChunk(written, bytes, at)) return undefined;
    at += CHUNK_BYTES;
  }
  return bytes;
}

function encodeChunk(bytes: Uint8Array, from: number, end: number): number {
  let at = 0;
  let index = from;
  for (; index + 2 < end; index += 3) {
    const group = (bytes[index]! << 16) | (bytes[index + 1]! << 8) | bytes[index + 2]!;
    chunk[at] = CODES[group >> 18]!;
    chunk[at + 1] = CODES[(group >> 12) & 63]!;
    chunk[at + 2] = CODES[(group >> 6) & 63]!;
    chunk[at + 3] = CODES[group & 63]!;
    at += 4;
  }
  if (index === end) return at;
  const group = (bytes[index]! << 16) | (index + 1 < end ? bytes[index + 1]! << 8 : 0);
  chunk[at] = CODES[group >> 18]!;
  chunk[at + 1] = CODES[(group >> 12) & 63]!;
  if (index + 1 === end) return at + 2;
  chunk[at + 2] = CODES[(group >> 6) & 63]!;
  return at + 3;
}

/** Decodes the first `length` characters of the chunk to `bytes` from `at` on; whether they are canonical. */
function decodeChunk(length: number, bytes: Uint8Array, at: number): boolean {
  let seen = 0;
  let to = at;
  let index = 0;
  for (; index + 3 < length; index += 4) {
    const group =
      FIRST[chunk[index]!]! | SECOND[chunk[index + 1]!]! | THIRD[chunk[index + 2]!]! | FOURTH[chunk[index + 3]!]!;
    seen |= group;
    bytes[to] = group >> 16;
    bytes[to + 1] = group >> 8;
    bytes[to + 2] = group;
    to += 3;
  }
  if (index === length) return (seen & FOREIGN) === 0;
  const isTwo = index + 2 === length;
  const group = FIRST[chunk[index]!]! | SECOND[chunk[index + 1]!]! | (isTwo ? 0 : THIRD[chunk[index + 2]!]!);
  bytes[to] = group >> 16;
  if (!isTwo) bytes[to + 1] = group >> 8;
  const unused = isTwo ? 0xffff : 0xff;
  return ((seen | group) & FOREIGN) === 0 && (group & unused) === 0;
}

/** The value of each byte as a character of the alphabet, shifted to its place in a group. */
function valuesAt(shift: number): Int32Array {
  const values = new Int32Array(256).fill(FOREIGN);
  CODES.forEach((code, value) => {
    values[code] = value << shift;
  });
  return values;
}
