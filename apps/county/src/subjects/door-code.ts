import { createHash, randomBytes } from 'node:crypto';

/** Crockford's base 32, as enrolment codes have: it survives being typed. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 100 bits: nobody finds a door by guessing. */
const LENGTH = 20;
const CODE = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`);

/** Makes the code of a door; the digest is what the county keeps. */
export function makeDoorCode(): { readonly code: string; readonly digest: string } {
  // 256 is a multiple of 32, so every character is equally likely.
  const code = [...randomBytes(LENGTH)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
  return { code, digest: digestOf(code) };
}

/**
 * The digest of what was scanned or typed: a link with the code in its fragment, or the code, in any case, with O for 0, I and
 * L for 1.
 * @returns `undefined` for what cannot be a door's code
 */
export function doorDigest(text: string): string | undefined {
  const code = (text.split('#').at(-1) ?? '')
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return CODE.test(code) ? digestOf(code) : undefined;
}

function digestOf(code: string): string {
  return createHash('sha256').update(code).digest('base64url');
}
