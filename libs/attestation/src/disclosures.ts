import {
  decodeBase64url,
  encodeBase64url,
  fail,
  parseStrictJson,
  pass,
  TOKEN_JSON_BOUNDS,
  type CryptoPort,
  type JsonValue,
  type Result,
} from '#libs/jose-profile';

/** One disclosure: its text as it travels, and what it says. `name` is `undefined` for an array element (RFC 9901 §4.2.2). */
export interface Disclosure {
  readonly text: string;
  readonly salt: string;
  readonly name: string | undefined;
  readonly value: JsonValue;
}

/** 128 bits, as RFC 9901 §9.3 recommends. */
const SALT_BYTES = 16;
const DECOY_BYTES = 32;
export const SALT_CHARS = 22;
const encoder = new TextEncoder();

/** The text of an object-property disclosure (RFC 9901 §4.2.1) under a salt of 16 random bytes. */
export function makeDisclosure(salt: Uint8Array, name: string, value: JsonValue): string {
  return encodeBase64url(encoder.encode(JSON.stringify([encodeBase64url(salt), name, value])));
}

/** The digest of a disclosure's text (RFC 9901 §4.2.3). */
export async function disclosureDigest(text: string, port: CryptoPort): Promise<string> {
  return encodeBase64url(await port.sha256(text));
}

/** A decoy (RFC 9901 §4.2.5): the digest of 32 random bytes, alike in form to every other. */
export async function decoyDigest(randomness: Uint8Array, port: CryptoPort): Promise<string> {
  return encodeBase64url(await port.sha256(randomness));
}

/** Cuts fresh randomness into salts and decoys: one draw for a whole credential. */
export function drawRandomness(
  salts: number,
  decoys: number,
  port: CryptoPort,
): (length: 'salt' | 'decoy') => Uint8Array {
  const bytes = port.randomBytes(salts * SALT_BYTES + decoys * DECOY_BYTES);
  let at = 0;
  return (kind) => {
    const cut = bytes.subarray(at, (at += kind === 'salt' ? SALT_BYTES : DECOY_BYTES));
    if (at > bytes.length) throw new RangeError('more randomness than was drawn');
    return cut;
  };
}

/** Parses a disclosure in strict JSON: `[salt, name, value]` or, for an array element, `[salt, value]` (RFC 9901 §4.2). */
export function parseDisclosure(text: string): Result<Disclosure, 'DISCLOSURE_MALFORMED'> {
  const bytes = decodeBase64url(text);
  const parsed = bytes && parseStrictJson(bytes, TOKEN_JSON_BOUNDS);
  if (!parsed?.ok || !Array.isArray(parsed.value)) return fail('DISCLOSURE_MALFORMED');
  const parts = parsed.value as readonly JsonValue[];
  const salt = parts[0];
  const name = parts.length === 3 ? parts[1] : undefined;
  const value = parts[parts.length - 1];
  if (parts.length < 2 || parts.length > 3 || value === undefined) return fail('DISCLOSURE_MALFORMED');
  if (typeof salt !== 'string' || (parts.length === 3 && typeof name !== 'string')) return fail('DISCLOSURE_MALFORMED');
  return pass({ text, salt, name: typeof name === 'string' ? name : undefined, value });
}
