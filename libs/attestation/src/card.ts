import type { CryptoPort, Result, Signer } from '#libs/jose-profile';
import {
  isText,
  personClaim,
  readPerson,
  readStatusReference,
  statusClaim,
  type MaskedPerson,
  type StatusReference,
} from './claim-forms.js';
import {
  parsePlainAttestation,
  signPlainAttestation,
  type PlainAttestation,
  type PlainAttestationFault,
  type PlainClaims,
  type PlainForm,
} from './plain-attestation.js';

/** A type of its own in `typ` and `vct`: a card is never read as an attestation, nor the other way round (design §4.2). */
export const CARD_TYP = 'xinqiao-card+jwt';

export const MAX_CARD_LIFE_SECONDS = 90 * 86_400;

/** The `vct` of cards of a federation. */
export function cardVct(federation: string): string {
  return `${federation}/vct/card/1`;
}

interface OwnClaims {
  readonly agreement: string;
  readonly status: StatusReference;
  readonly person: MaskedPerson;
}

/**
 * A printed code (design §4.2): one agreement, one threshold fixed at printing, and whom the clerk compares with. It is bound
 * to no key, so whoever holds the paper can show it: a clerk decides.
 */
export type CardClaims = PlainClaims & OwnClaims;

const FORM: PlainForm<OwnClaims> = {
  typ: CARD_TYP,
  maxLifeSeconds: MAX_CARD_LIFE_SECONDS,
  ownMembers: ['agreement', 'status', 'person'],
  readOwn: (payload) => {
    const status = readStatusReference(payload['status']);
    const person = readPerson(payload['person']);
    const { agreement } = payload;
    return status && person && isText(agreement) ? { agreement, status, person } : undefined;
  },
};

/**
 * Issues a card as compact JWS, for printing.
 * @throws RangeError for a life of no time or over 90 days, or claims that no gate would read
 */
export async function issueCard(claims: CardClaims, signer: Signer, port: CryptoPort): Promise<string> {
  const { agreement, status, person } = claims;
  const own = { agreement, status: statusClaim(status), person: personClaim(person) };
  return signPlainAttestation(claims, own, FORM, signer, port);
}

/** Parses a card strictly. Nothing in it is trusted yet. */
export function parseCard(text: string): Result<PlainAttestation<OwnClaims>, PlainAttestationFault> {
  return parsePlainAttestation(text, FORM);
}
