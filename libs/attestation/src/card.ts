import {
  fail,
  parseCompactJws,
  pass,
  signCompactJws,
  type CryptoPort,
  type JsonObject,
  type JwsFault,
  type ParsedJws,
  type Result,
  type Signer,
} from '#libs/jose-profile';
import {
  hasExactly,
  isNamedByKidOnly,
  isText,
  personClaim,
  readCommonClaims,
  readGrade,
  readPerson,
  readSchemeReference,
  readStatusReference,
  schemeClaim,
  statusClaim,
  type ClaimsFault,
  type CommonClaims,
  type MaskedPerson,
  type SchemeReference,
  type StatusReference,
} from './claim-forms.js';

/** A type of its own in `typ` and `vct`: a card is never read as an attestation, nor the other way round (design §4.2). */
export const CARD_TYP = 'xinqiao-card+jwt';

export const MAX_CARD_LIFE_SECONDS = 90 * 86_400;

/** The `vct` of cards of a federation. */
export function cardVct(federation: string): string {
  return `${federation}/vct/card/1`;
}

/**
 * A printed code (design §4.2): one agreement, one threshold fixed at printing, and whom the clerk compares with. It is bound
 * to no key, so whoever holds the paper can show it: a clerk decides.
 */
export interface CardClaims extends CommonClaims {
  readonly agreement: string;
  readonly status: StatusReference;
  readonly scheme: SchemeReference;
  readonly atLeast: string;
  readonly person: MaskedPerson;
}

export interface Card {
  readonly jws: ParsedJws;
  readonly claims: CardClaims;
}

export type CardFault = JwsFault | ClaimsFault | 'JWS_HEADER_NOT_PLAIN';

const MEMBERS = ['iss', 'iat', 'exp', 'vct', 'agreement', 'status', 'scheme', 'at_least', 'person'] as const;
const MAX_CHARS = 2_048;

/**
 * Issues a card as compact JWS, for printing.
 * @throws RangeError for a life of no time or over 90 days, or claims that no gate would read
 */
export async function issueCard(claims: CardClaims, signer: Signer, port: CryptoPort): Promise<string> {
  if (claims.exp <= claims.iat || claims.exp - claims.iat > MAX_CARD_LIFE_SECONDS)
    throw new RangeError('a card lives at most 90 days');
  const { iss, iat, exp, vct, agreement, status, scheme, atLeast, person } = claims;
  const references = { status: statusClaim(status), scheme: schemeClaim(scheme), person: personClaim(person) };
  const payload: JsonObject = { iss, iat, exp, vct, agreement, at_least: atLeast, ...references };
  if (readCardClaims(payload) === undefined) throw new RangeError('not the claims of a card');
  return signCompactJws(CARD_TYP, payload, signer, port);
}

/** Parses a card strictly: exactly its members, each of its exact type. Nothing in it is trusted yet. */
export function parseCard(text: string): Result<Card, CardFault> {
  const jws = parseCompactJws(text, { typ: CARD_TYP, maxChars: MAX_CHARS });
  if (!jws.ok) return jws;
  if (!isNamedByKidOnly(jws.value)) return fail('JWS_HEADER_NOT_PLAIN');
  if (!hasExactly(jws.value.payload, MEMBERS)) return fail('CLAIMS_UNKNOWN_MEMBER');
  const claims = readCardClaims(jws.value.payload);
  return claims ? pass({ jws: jws.value, claims }) : fail('CLAIMS_MALFORMED');
}

function readCardClaims(payload: JsonObject): CardClaims | undefined {
  const common = readCommonClaims(payload);
  const status = readStatusReference(payload['status']);
  const scheme = readSchemeReference(payload['scheme']);
  const atLeast = readGrade(payload['at_least']);
  const person = readPerson(payload['person']);
  const { agreement } = payload;
  if (!common || !status || !scheme || atLeast === undefined || !person || !isText(agreement)) return undefined;
  return { ...common, agreement, status, scheme, atLeast, person };
}
