import type { AllianceTrust, DocumentType, HeldDocument } from '#libs/alliance';
import type { AttestationFacts, Ruled, Rules } from './facts.js';

/** The documents that apply to an offer and an attestation under what the gate trusts now. */
export function rulesFor(
  trust: AllianceTrust,
  offerId: string | undefined,
  partnerId: string,
  attestation: Pick<AttestationFacts, 'issuer' | 'scheme'> | undefined,
): Rules {
  const offer = offerId === undefined ? undefined : trust.offer(offerId);
  return {
    offer: ruled(offer),
    agreement: ruled(offer && trust.agreement(offer.payload.agreement)),
    partner: ruled(trust.partner(partnerId)),
    member: ruled(attestation && trust.member(attestation.issuer)),
    scheme: ruled(attestation && trust.scheme(attestation.scheme.id, attestation.scheme.fingerprint)),
    tables: attestation
      ? trust.tableVersions(attestation.scheme.id, attestation.scheme.fingerprint).map((table) => asRuled(table))
      : [],
  };
}

function ruled<Type extends DocumentType>(
  document: HeldDocument<Type> | undefined,
): Ruled<HeldDocument<Type>['payload']> | undefined {
  return document && asRuled(document);
}

function asRuled<Type extends DocumentType>({
  payload,
  digest,
  suspended,
}: HeldDocument<Type>): Ruled<HeldDocument<Type>['payload']> {
  return { payload, digest, isSuspended: suspended };
}
