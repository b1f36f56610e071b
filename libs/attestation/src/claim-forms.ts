import {
  isJsonObject,
  isNumericDate,
  parsePublicJwk,
  type JsonObject,
  type JsonValue,
  type ParsedJws,
  type PublicJwk,
} from '#libs/jose-profile';

/** What an offer that says "a document is checked" lets the clerk compare: a masked name and four characters. */
export interface MaskedPerson {
  readonly name: string;
  readonly idLast4: string;
}

export interface StatusReference {
  readonly idx: number;
  readonly uri: string;
}

export interface SchemeReference {
  readonly id: string;
  readonly fingerprint: string;
}

/** The claims every credential of the profile has: who signs, for how long (Unix seconds), and what it is. */
export interface CommonClaims {
  readonly iss: string;
  readonly iat: number;
  readonly exp: number;
  readonly vct: string;
}

export type ClaimsFault = 'CLAIMS_MALFORMED' | 'CLAIMS_UNKNOWN_MEMBER' | 'CLAIMS_HOLDER_KEY';

/** The code of a grade, as it stands in a threshold. */
export const GRADE = /^[A-Z0-9][A-Z0-9+-]{0,7}$/;
const MAX_TEXT = 256;
const MAX_NAME = 32;

/** Whether an object has exactly these members, no more and no fewer. */
export function hasExactly(value: JsonObject, members: readonly string[]): boolean {
  return Object.keys(value).length === members.length && members.every((member) => Object.hasOwn(value, member));
}

/** The value as an object of exactly these members. */
export function exactObject(value: JsonValue | undefined, members: readonly string[]): JsonObject | undefined {
  return isJsonObject(value) && hasExactly(value, members) ? value : undefined;
}

export function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT;
}

/** `{alg, kid, typ}` and nothing else: no header brings, or points to, a key (docs/wire.md). */
export function isNamedByKidOnly({ header, kid }: Pick<ParsedJws, 'header' | 'kid'>): boolean {
  return kid !== undefined && Object.keys(header).length === 3;
}

export function readCommonClaims({ iss, iat, exp, vct }: JsonObject): CommonClaims | undefined {
  return isText(iss) && isText(vct) && isNumericDate(iat) && isNumericDate(exp) ? { iss, iat, exp, vct } : undefined;
}

export function readStatusReference(value: JsonValue | undefined): StatusReference | undefined {
  const { idx, uri } = exactObject(exactObject(value, ['status_list'])?.['status_list'], ['idx', 'uri']) ?? {};
  return isNumericDate(idx) && isText(uri) ? { idx, uri } : undefined;
}

export function readSchemeReference(value: JsonValue | undefined): SchemeReference | undefined {
  const { id, fingerprint } = exactObject(value, ['id', 'fingerprint']) ?? {};
  return isText(id) && isText(fingerprint) ? { id, fingerprint } : undefined;
}

export function readPerson(value: JsonValue | undefined): MaskedPerson | undefined {
  const { name, id_last4: idLast4 } = exactObject(value, ['name', 'id_last4']) ?? {};
  if (!isText(name) || name.length > MAX_NAME || typeof idLast4 !== 'string' || idLast4.length !== 4) return undefined;
  return { name, idLast4 };
}

/** The resident's key: ES256, its required members and no other, so that one key has one form. */
export function readHolderKey(value: JsonValue | undefined): PublicJwk | undefined {
  const key = parsePublicJwk(value, 'ES256');
  if (!key.ok || !isJsonObject(value)) return undefined;
  return Object.keys(value).length === Object.keys(key.value).length ? key.value : undefined;
}

export function readGrade(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && GRADE.test(value) ? value : undefined;
}

export function statusClaim({ idx, uri }: StatusReference): JsonObject {
  return { status_list: { idx, uri } };
}

export function schemeClaim({ id, fingerprint }: SchemeReference): JsonObject {
  return { id, fingerprint };
}

export function personClaim({ name, idLast4 }: MaskedPerson): JsonObject {
  return { name, id_last4: idLast4 };
}

export function keyClaim(jwk: PublicJwk): JsonObject {
  return { jwk: { ...jwk } };
}
