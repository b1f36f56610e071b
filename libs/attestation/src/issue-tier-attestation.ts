import { signCompactJws, type CryptoPort, type Signer } from '#libs/jose-profile';
import { personClaim, type MaskedPerson } from './claim-forms.js';
import { decoyDigest, disclosureDigest, drawRandomness, makeDisclosure } from './disclosures.js';
import { ATTESTATION_TYP } from './split-sd-jwt.js';
import { MAX_LIFE_SECONDS, tierPayload, type TierClaims } from './tier-claims.js';

export interface TierIssue extends Omit<TierClaims, 'atLeastDigests' | 'topDigests'> {
  /** Every positive grade of the scheme: each gets one digest, so the token's shape never shows the grade. */
  readonly positiveGrades: readonly string[];
  /** The positive grades the resident holds: the own grade and all weaker ones. */
  readonly heldGrades: readonly string[];
  readonly person: MaskedPerson;
}

/**
 * Issues a tier attestation (design §4.1) with all its disclosures: `<jws>~<disclosure>~…~`.
 * @throws RangeError when nothing may be issued: no positive grade held, a grade that is no slot of the scheme, or a life
 * over fourteen days
 */
export async function issueTierAttestation(issue: TierIssue, signer: Signer, port: CryptoPort): Promise<string> {
  const { positiveGrades, heldGrades, person, ...claims } = issue;
  if (heldGrades.length === 0) throw new RangeError('below the lowest positive grade nothing is issued');
  if (!heldGrades.every((grade) => positiveGrades.includes(grade))) throw new RangeError('a grade without a slot');
  if (claims.exp - claims.iat > MAX_LIFE_SECONDS || claims.exp <= claims.iat) throw new RangeError('life over 14 days');

  const draw = drawRandomness(heldGrades.length + 1, positiveGrades.length - heldGrades.length, port);
  const disclosures: string[] = [];
  const atLeastDigests: string[] = [];
  for (const grade of positiveGrades) {
    if (!heldGrades.includes(grade)) {
      atLeastDigests.push(await decoyDigest(draw('decoy'), port));
      continue;
    }
    const disclosure = makeDisclosure(draw('salt'), grade, true);
    disclosures.push(disclosure);
    atLeastDigests.push(await disclosureDigest(disclosure, port));
  }
  const personDisclosure = makeDisclosure(draw('salt'), 'person', personClaim(person));
  disclosures.push(personDisclosure);

  const payload = tierPayload({
    ...claims,
    // Sorted, so that position tells nothing about which slot is a decoy (RFC 9901 §4.2.4.1).
    atLeastDigests: atLeastDigests.toSorted(),
    topDigests: [await disclosureDigest(personDisclosure, port)],
  });
  const jws = await signCompactJws(ATTESTATION_TYP, payload, signer, port);
  return [jws, ...disclosures, ''].join('~');
}
