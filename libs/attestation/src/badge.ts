import {
  fail,
  pass,
  signCompactJws,
  type CryptoPort,
  type JsonObject,
  type PublicJwk,
  type Result,
  type Signer,
} from '#libs/jose-profile';
import {
  exactObject,
  hasExactly,
  isText,
  keyClaim,
  readCommonClaims,
  readHolderKey,
  readStatusReference,
  statusClaim,
  type ClaimsFault,
  type CommonClaims,
  type StatusReference,
} from './claim-forms.js';
import { ATTESTATION_TYP, splitSdJwt, type SdJwtFormFault, type SdJwtParts } from './split-sd-jwt.js';

/** A badge never lives longer than a year; it is renewed with what it says. */
export const MAX_BADGE_LIFE_SECONDS = 366 * 86_400;

/** The `vct` of badges of a federation. */
export function badgeVct(federation: string): string {
  return `${federation}/vct/badge/1`;
}

/** What a badge says, in words: no letter, no number, nothing that maps to a band (design §4.1). */
export interface BadgeSubject {
  /** What it is for, in the county's words: "文明家庭". */
  readonly what: string;
  readonly place: string;
  /** The period it was earned in, as people write it: "2026", "2026-Q3". */
  readonly period: string;
  /** What it rests on: "village points", "household card", "above-average list". */
  readonly basis: string;
}

/** A badge for schemes without an honest grade: an SD-JWT VC bound to the resident's key, with nothing to disclose. */
export interface BadgeClaims extends CommonClaims {
  readonly cnf: PublicJwk;
  readonly status: StatusReference;
  readonly badge: BadgeSubject;
}

export interface BadgePresentation extends SdJwtParts {
  readonly claims: BadgeClaims;
}

export type BadgeFault = SdJwtFormFault | ClaimsFault | 'DISCLOSURE_NOT_ALLOWED';

const MEMBERS = ['iss', 'iat', 'exp', 'vct', 'cnf', 'status', 'badge'] as const;
const SUBJECT = ['what', 'place', 'period', 'basis'] as const;

/**
 * Issues a badge: `<jws>~`.
 * @throws RangeError for a life of no time or over a year, or an empty text
 */
export async function issueBadge(claims: BadgeClaims, signer: Signer, port: CryptoPort): Promise<string> {
  if (claims.exp <= claims.iat || claims.exp - claims.iat > MAX_BADGE_LIFE_SECONDS)
    throw new RangeError('a badge lives at most a year');
  const { iss, iat, exp, vct, cnf, status, badge } = claims;
  const payload: JsonObject = {
    iss,
    iat,
    exp,
    vct,
    cnf: keyClaim(cnf),
    status: statusClaim(status),
    badge: { ...badge },
  };
  if (readSubject(payload) === undefined) throw new RangeError('a badge says what, where, when and on which basis');
  return `${await signCompactJws(ATTESTATION_TYP, payload, signer, port)}~`;
}

/** Parses a badge, presented or as issued, strictly: exactly its members, no disclosure. */
export function parseBadge(text: string): Result<BadgePresentation, BadgeFault> {
  const parts = splitSdJwt(text);
  if (!parts.ok) return parts;
  const { payload } = parts.value.jws;
  if (!hasExactly(payload, MEMBERS)) return fail('CLAIMS_UNKNOWN_MEMBER');
  if (parts.value.disclosures.length > 0) return fail('DISCLOSURE_NOT_ALLOWED');
  const common = readCommonClaims(payload);
  const status = readStatusReference(payload['status']);
  const badge = readSubject(payload);
  const confirmation = exactObject(payload['cnf'], ['jwk']);
  if (!common || !status || !badge || !confirmation) return fail('CLAIMS_MALFORMED');
  const cnf = readHolderKey(confirmation['jwk']);
  if (!cnf) return fail('CLAIMS_HOLDER_KEY');
  return pass({ ...parts.value, claims: { ...common, cnf, status, badge } });
}

function readSubject(payload: JsonObject): BadgeSubject | undefined {
  const { what, place, period, basis } = exactObject(payload['badge'], SUBJECT) ?? {};
  return isText(what) && isText(place) && isText(period) && isText(basis) ? { what, place, period, basis } : undefined;
}
