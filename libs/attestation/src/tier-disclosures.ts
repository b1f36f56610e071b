import { fail, pass, type CryptoPort, type JsonObject, type JsonValue, type Result } from '#libs/jose-profile';
import { GRADE, hasExactly, readPerson, type MaskedPerson } from './claim-forms.js';
import { SALT_CHARS, type Disclosure } from './disclosures.js';
import { processDisclosures, type SdJwtFault } from './process-disclosures.js';
import { TIER_MEMBERS } from './tier-claims.js';

export type DisclosureFault = SdJwtFault | 'DISCLOSURE_MALFORMED' | 'DISCLOSURE_NOT_ALLOWED';

/** What the disclosures of one attestation or presentation prove. */
export interface Disclosed {
  /** Thresholds disclosed as exactly `true`, in the order they travelled. */
  readonly thresholds: readonly string[];
  readonly person: MaskedPerson | undefined;
}

/**
 * Processes the disclosures of a tier attestation as RFC 9901 §7.1 says, then takes only what the profile lets travel this
 * way: a grade under `at_least` with the value `true`, and `person` at the top, each under a salt of 128 bits. So no
 * disclosure can ever bring or override another claim.
 * @param payload of an attestation whose form `parseTierClaims` has checked
 */
export async function readTierDisclosures(
  payload: JsonObject,
  disclosures: readonly Disclosure[],
  port: CryptoPort,
): Promise<Result<Disclosed, DisclosureFault>> {
  const processed = await processDisclosures(payload, disclosures, port);
  if (!processed.ok) return processed;
  if (!disclosures.every((disclosure) => isTierDisclosure(disclosure))) return fail('DISCLOSURE_NOT_ALLOWED');
  const atLeast = processed.value['at_least'] as JsonObject;
  const person = readPerson(processed.value['person']);
  const thresholds = disclosures.flatMap(({ name }) => (name === undefined || name === 'person' ? [] : [name]));
  // What was disclosed stands exactly where it belongs: nothing more under `at_least`, nothing else at the top.
  const isInPlace =
    hasExactly(atLeast, thresholds) &&
    hasExactly(processed.value, person === undefined ? TIER_MEMBERS : [...TIER_MEMBERS, 'person']);
  return isInPlace ? pass({ thresholds, person }) : fail('DISCLOSURE_NOT_ALLOWED');
}

function isTierDisclosure({ salt, name, value }: Disclosure): boolean {
  if (salt.length < SALT_CHARS || name === undefined) return false;
  return name === 'person' ? isPerson(value) : value === true && GRADE.test(name);
}

function isPerson(value: JsonValue): boolean {
  return readPerson(value) !== undefined;
}
