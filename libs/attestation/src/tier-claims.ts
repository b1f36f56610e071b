import { fail, pass, type JsonObject, type JsonValue, type PublicJwk, type Result } from '#libs/jose-profile';
import {
  exactObject,
  hasExactly,
  isText,
  keyClaim,
  readCommonClaims,
  readHolderKey,
  readSchemeReference,
  readStatusReference,
  schemeClaim,
  statusClaim,
  type ClaimsFault,
  type CommonClaims,
  type SchemeReference,
  type StatusReference,
} from './claim-forms.js';

/** An attestation never lives longer than fourteen days (design §4.1). */
export const MAX_LIFE_SECONDS = 14 * 86_400;

/** The `vct` of tier attestations of a federation; `federation` is its https origin without a trailing slash. */
export function tierVct(federation: string): string {
  return `${federation}/vct/tier/1`;
}

/** What a county signs about a resident for one partner (docs/wire.md, "Tier attestation"). Times in Unix seconds. */
export interface TierClaims extends CommonClaims {
  readonly cnf: PublicJwk;
  readonly partner: string;
  readonly status: StatusReference;
  readonly scheme: SchemeReference;
  /** One digest per positive grade of the scheme, sorted; those not held are decoys. */
  readonly atLeastDigests: readonly string[];
  /** The digest of the `person` disclosure. */
  readonly topDigests: readonly string[];
}

/** The members in the open; `_sd` stands beside them, and after processing `person` where it was disclosed. */
export const TIER_MEMBERS = ['iss', 'iat', 'exp', 'vct', 'cnf', 'partner', 'status', 'scheme', 'at_least'] as const;
const SIGNED_MEMBERS = [...TIER_MEMBERS, '_sd'] as const;
const MAX_SLOTS = 8;
const DIGEST_CHARS = 43;

/** The JSON payload of an attestation. */
export function tierPayload(claims: TierClaims): JsonObject {
  return {
    iss: claims.iss,
    iat: claims.iat,
    exp: claims.exp,
    vct: claims.vct,
    cnf: keyClaim(claims.cnf),
    partner: claims.partner,
    status: statusClaim(claims.status),
    scheme: schemeClaim(claims.scheme),
    at_least: { _sd: claims.atLeastDigests },
    _sd: claims.topDigests,
  };
}

/**
 * Reads a payload strictly: exactly the profile's members, each of its exact type. `_sd_alg` is not among them, so the hash
 * is SHA-256 (RFC 9901 §4.1.1) and no token can choose another.
 */
export function parseTierClaims(payload: JsonObject): Result<TierClaims, ClaimsFault> {
  if (!hasExactly(payload, SIGNED_MEMBERS)) return fail('CLAIMS_UNKNOWN_MEMBER');
  const common = readCommonClaims(payload);
  const confirmation = exactObject(payload['cnf'], ['jwk']);
  const status = readStatusReference(payload['status']);
  const scheme = readSchemeReference(payload['scheme']);
  const atLeastDigests = digestList(exactObject(payload['at_least'], ['_sd'])?.['_sd']);
  const topDigests = digestList(payload['_sd']);
  const { partner } = payload;
  if (!common || !confirmation || !status || !scheme || !atLeastDigests || !topDigests || !isText(partner))
    return fail('CLAIMS_MALFORMED');
  const cnf = readHolderKey(confirmation['jwk']);
  if (!cnf) return fail('CLAIMS_HOLDER_KEY');
  const { iss, iat, exp, vct } = common;
  return pass({ iss, iat, exp, vct, cnf, partner, status, scheme, atLeastDigests, topDigests });
}

function digestList(value: JsonValue | undefined): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_SLOTS) return undefined;
  const digests: string[] = [];
  for (const digest of value as readonly JsonValue[]) {
    if (typeof digest !== 'string' || digest.length !== DIGEST_CHARS) return undefined;
    digests.push(digest);
  }
  return digests;
}
