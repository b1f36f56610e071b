import { createHash, randomBytes } from 'node:crypto';

/** Crockford's base 32: digits and capitals without I, L, O, U, so that a code survives being read aloud. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUP = 4;
/** Names the code, so that wrong guesses count against it: 20 bits. */
const SELECTOR_CHARS = 4;
/** What must be guessed: 60 bits. */
const SECRET_CHARS = 12;
const CODE = new RegExp(`^[${ALPHABET}]{${SELECTOR_CHARS + SECRET_CHARS}}$`);

/** A one-time code taken apart: which code it claims to be, and the digest of its secret. */
export interface EnrolmentCode {
  readonly selector: string;
  /** base64url SHA-256 over selector and secret; 60 random bits that live ten minutes need no slow hash. */
  readonly secretDigest: string;
}

/** Makes a fresh code: the text for the resident, shown once, and what the county keeps. */
export function makeEnrolmentCode(): { readonly text: string; readonly kept: EnrolmentCode } {
  const bytes = randomBytes(SELECTOR_CHARS + SECRET_CHARS);
  // 256 is a multiple of 32, so every character is equally likely.
  const characters = [...bytes].map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
  return { text: inGroups(characters), kept: takeApart(characters) };
}

/**
 * Parses a code as people type it: any case, spaces and hyphens anywhere, O for 0, I and L for 1.
 * @returns `undefined` for what cannot be a code
 */
export function parseEnrolmentCode(text: string): EnrolmentCode | undefined {
  const characters = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  const isCode = CODE.test(characters);
  return isCode ? takeApart(characters) : undefined;
}

function takeApart(characters: string): EnrolmentCode {
  const secretDigest = createHash('sha256').update(characters).digest('base64url');
  return { selector: characters.slice(0, SELECTOR_CHARS), secretDigest };
}

function inGroups(characters: string): string {
  return (characters.match(new RegExp(`.{${GROUP}}`, 'g')) ?? []).join('-');
}
