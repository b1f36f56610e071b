import { createHash } from 'node:crypto';

/** Crockford's base 32, as door and enrolment codes have: it survives being read aloud. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 80 bits: nobody finds a card by guessing. */
const LENGTH = 16;
const CODE = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`);

/** The code that at least 16 random-looking bytes spell. */
export function cardCode(bytes: Buffer): string {
  // 256 is a multiple of 32, so every character is equally likely.
  const characters = [...bytes.subarray(0, LENGTH)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
  return (characters.match(/.{4}/g) ?? []).join('-');
}

/**
 * The digest of a code as people type it: any case, spaces and hyphens anywhere, O for 0, I and L for 1.
 * @returns `undefined` for what cannot be a code
 */
export function cardDigest(text: string): string | undefined {
  const code = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return CODE.test(code) ? createHash('sha256').update(code).digest('base64url') : undefined;
}
