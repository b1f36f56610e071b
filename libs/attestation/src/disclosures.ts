import {
  decodeBase64url,
  encodeBase64url,
  fail,
  isJsonObject,
  parseStrictJson,
  pass,
  type CryptoPort,
  type JsonValue,
  type Result,
} from '#libs/jose-profile';
import { hasExactly, type TierClaims } from './tier-claims.js';

/** What an offer that says "a document is checked" lets the clerk compare: a masked name and four characters. */
export interface MaskedPerson {
  readonly name: string;
  readonly idLast4: string;
}

/** One object-property disclosure (RFC 9901 §4.2.1): its text as it travels, and what it says. */
export interface Disclosure {
  readonly text: string;
  readonly name: string;
  readonly value: JsonValue;
}

export type DisclosureFault =
  'DISCLOSURE_MALFORMED' | 'DISCLOSURE_NOT_REFERENCED' | 'DISCLOSURE_TWICE' | 'DIGEST_TWICE' | 'DISCLOSURE_NOT_ALLOWED';

/** What the disclosures of one attestation or presentation prove. */
export interface Disclosed {
  /** Thresholds disclosed as exactly `true`, in the order they travelled. */
  readonly thresholds: readonly string[];
  readonly person: MaskedPerson | undefined;
}

const BOUNDS = { maxBytes: 512, maxDepth: 2 };
const GRADE = /^[A-Z0-9]{1,8}$/;
const encoder = new TextEncoder();

/** Makes a disclosure with a fresh 128-bit salt (RFC 9901 §4.2.1 and §9.3). */
export function makeDisclosure(name: string, value: JsonValue, port: CryptoPort): Disclosure {
  const salt = encodeBase64url(port.randomBytes(16));
  return { text: encodeBase64url(encoder.encode(JSON.stringify([salt, name, value]))), name, value };
}

/** The digest of a disclosure's text (RFC 9901 §4.2.3). */
export async function disclosureDigest(text: string, port: CryptoPort): Promise<string> {
  return encodeBase64url(await port.sha256(text));
}

/** A decoy (RFC 9901 §4.2.5): the digest of fresh randomness, alike in form to every other. */
export async function decoyDigest(port: CryptoPort): Promise<string> {
  return encodeBase64url(await port.sha256(port.randomBytes(32)));
}

/** Parses a disclosure: exactly `[salt, name, value]` in strict JSON; no reserved name (RFC 9901 §7.1 step 3). */
export function parseDisclosure(text: string): Result<Disclosure, DisclosureFault> {
  const bytes = decodeBase64url(text);
  const parsed = bytes && parseStrictJson(bytes, BOUNDS);
  if (!parsed?.ok || !Array.isArray(parsed.value) || parsed.value.length !== 3) return fail('DISCLOSURE_MALFORMED');
  const [salt, name, value] = parsed.value as readonly JsonValue[];
  if (typeof salt !== 'string' || typeof name !== 'string' || value === undefined) return fail('DISCLOSURE_MALFORMED');
  return pass({ text, name, value });
}

/**
 * Matches disclosures with the digests of the claims (RFC 9901 §7.1 steps 3 to 5): no digest twice, every disclosure
 * referenced exactly once, and only what the profile lets travel this way: a grade under `at_least` with the value `true`,
 * and `person` at the top. So no disclosure can ever override `iss`, `exp`, `cnf` or any other claim.
 */
export async function matchDisclosures(
  claims: Pick<TierClaims, 'atLeastDigests' | 'topDigests'>,
  disclosures: readonly Disclosure[],
  port: CryptoPort,
): Promise<Result<Disclosed, DisclosureFault>> {
  const all = [...claims.atLeastDigests, ...claims.topDigests];
  if (new Set(all).size !== all.length) return fail('DIGEST_TWICE');
  const seen = new Set<string>();
  const thresholds: string[] = [];
  let person: MaskedPerson | undefined;
  for (const disclosure of disclosures) {
    const digest = await disclosureDigest(disclosure.text, port);
    if (seen.has(digest)) return fail('DISCLOSURE_TWICE');
    seen.add(digest);
    if (claims.atLeastDigests.includes(digest)) {
      if (disclosure.value !== true || !GRADE.test(disclosure.name) || thresholds.includes(disclosure.name))
        return fail('DISCLOSURE_NOT_ALLOWED');
      thresholds.push(disclosure.name);
    } else if (claims.topDigests.includes(digest)) {
      person = disclosure.name === 'person' ? parsePerson(disclosure.value) : undefined;
      if (person === undefined) return fail('DISCLOSURE_NOT_ALLOWED');
    } else return fail('DISCLOSURE_NOT_REFERENCED');
  }
  return pass({ thresholds, person });
}

function parsePerson(value: JsonValue): MaskedPerson | undefined {
  if (!isJsonObject(value) || !hasExactly(value, ['name', 'id_last4'])) return undefined;
  const { name, id_last4: idLast4 } = value;
  if (typeof name !== 'string' || typeof idLast4 !== 'string') return undefined;
  return name.length <= 32 && idLast4.length === 4 ? { name, idLast4 } : undefined;
}
