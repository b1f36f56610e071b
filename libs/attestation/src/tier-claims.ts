import {
  fail,
  isJsonObject,
  isNumericDate,
  parsePublicJwk,
  pass,
  type JsonObject,
  type JsonValue,
  type PublicJwk,
  type Result,
} from '#libs/jose-profile';

/** `typ` of an attestation (SD-JWT VC) and of the key-binding JWT behind it (RFC 9901 §4.3). */
export const ATTESTATION_TYP = 'dc+sd-jwt';
export const KEY_BINDING_TYP = 'kb+jwt';

/** An attestation never lives longer than fourteen days (design §4.1). */
export const MAX_LIFE_SECONDS = 14 * 86_400;

/** The `vct` of tier attestations of a federation; `federation` is its https origin without a trailing slash. */
export function tierVct(federation: string): string {
  return `${federation}/vct/tier/1`;
}

/** What a county signs about a resident for one partner (docs/wire.md, "Tier attestation"). Times in Unix seconds. */
export interface TierClaims {
  readonly iss: string;
  readonly iat: number;
  readonly exp: number;
  readonly vct: string;
  readonly cnf: PublicJwk;
  readonly partner: string;
  readonly status: { readonly idx: number; readonly uri: string };
  readonly scheme: { readonly id: string; readonly fingerprint: string };
  /** One digest per positive grade of the scheme, sorted; those not held are decoys. */
  readonly atLeastDigests: readonly string[];
  /** The digest of the `person` disclosure. */
  readonly topDigests: readonly string[];
}

export type ClaimsFault = 'CLAIMS_MALFORMED' | 'CLAIMS_UNKNOWN_MEMBER' | 'CLAIMS_HOLDER_KEY';

const MEMBERS = ['iss', 'iat', 'exp', 'vct', 'cnf', 'partner', 'status', 'scheme', 'at_least', '_sd'] as const;
const MAX_SLOTS = 8;
const MAX_TEXT = 256;

/** The JSON payload of an attestation. */
export function tierPayload(claims: TierClaims): JsonObject {
  return {
    iss: claims.iss,
    iat: claims.iat,
    exp: claims.exp,
    vct: claims.vct,
    cnf: { jwk: { ...claims.cnf } },
    partner: claims.partner,
    status: { status_list: { idx: claims.status.idx, uri: claims.status.uri } },
    scheme: { id: claims.scheme.id, fingerprint: claims.scheme.fingerprint },
    at_least: { _sd: claims.atLeastDigests },
    _sd: claims.topDigests,
  };
}

/**
 * Reads a payload strictly: exactly the profile's members, each of its exact type. `_sd_alg` is not among them, so the hash
 * is SHA-256 (RFC 9901 §4.1.1) and no token can choose another.
 */
export function parseTierClaims(payload: JsonObject): Result<TierClaims, ClaimsFault> {
  if (!hasExactly(payload, MEMBERS)) return fail('CLAIMS_UNKNOWN_MEMBER');
  const { iss, iat, exp, vct, partner } = payload;
  const confirmation = exactObject(payload['cnf'], ['jwk']);
  const status = exactObject(exactObject(payload['status'], ['status_list'])?.['status_list'], ['idx', 'uri']);
  const scheme = exactObject(payload['scheme'], ['id', 'fingerprint']);
  const atLeastDigests = digestList(exactObject(payload['at_least'], ['_sd'])?.['_sd']);
  const topDigests = digestList(payload['_sd']);
  if (!isText(iss) || !isText(vct) || !isText(partner) || !isNumericDate(iat) || !isNumericDate(exp))
    return fail('CLAIMS_MALFORMED');
  if (!confirmation || !status || !scheme || !atLeastDigests || !topDigests) return fail('CLAIMS_MALFORMED');
  const { idx, uri } = status;
  const { id, fingerprint } = scheme;
  if (!isNumericDate(idx) || !isText(uri) || !isText(id) || !isText(fingerprint)) return fail('CLAIMS_MALFORMED');
  const cnf = parsePublicJwk(confirmation['jwk'], 'ES256');
  if (!cnf.ok) return fail('CLAIMS_HOLDER_KEY');
  return pass({
    iss,
    iat,
    exp,
    vct,
    cnf: cnf.value,
    partner,
    status: { idx, uri },
    scheme: { id, fingerprint },
    atLeastDigests,
    topDigests,
  });
}

/** Whether an object has exactly these members, no more and no fewer. */
export function hasExactly(value: JsonObject, members: readonly string[]): boolean {
  return Object.keys(value).length === members.length && members.every((member) => value[member] !== undefined);
}

function exactObject(value: JsonValue | undefined, members: readonly string[]): JsonObject | undefined {
  return isJsonObject(value) && hasExactly(value, members) ? value : undefined;
}

function digestList(value: JsonValue | undefined): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_SLOTS) return undefined;
  const digests: string[] = [];
  for (const digest of value) {
    if (typeof digest !== 'string' || digest.length !== 43) return undefined;
    digests.push(digest);
  }
  return digests;
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT;
}
