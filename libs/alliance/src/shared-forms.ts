import { decodeBase64url, isJsonObject, isSuiteName, parsePublicJwk, type JsonObject } from '#libs/jose-profile';
import { integer, list, matching, object, oneOf, optional, text, where, type Form } from './form.js';
import type { Anchor, KeyPurpose, KeyStatus, Name, OrganisationKey, PurposeKey, SuitedKey } from './payloads.js';

/** More than the country has counties; a bound, not a plan. */
export const MAX_LISTED = 5_000;
/** What a head or round can name within the size of a document: more than there are counties, partners and tables together. */
export const MAX_SUSPENDED = 10_000;
const MAX_KEYS = 64;
export const MAX_SIGNATURES = 16;

export const name: Form<Name> = object<Name>({ zh: text(200), en: optional(text(200)) });

/** A short name in ASCII, compared exactly. May be a URL. */
export const identifier = matching(/^[A-Za-z0-9](?:[A-Za-z0-9._:/-]{0,126}[A-Za-z0-9])?$/);

/**
 * An https origin as the URL standard writes it: a host name in small letters, no address, and a port unless it is 443. One text
 * for one organisation.
 */
const ORIGIN =
  'https://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\.)*[a-z](?:[a-z0-9-]*[a-z0-9])?(?::(?!443(?!\\d))[1-9][0-9]{0,4})?';

/** A member's id: an https origin, without path or trailing slash. */
export const entityId = where(matching(new RegExp(`^${ORIGIN}$`)), isOfBoundedLength);

/** An https URL below an origin, without query or fragment; no part of its path is `.` or `..`. */
export const httpsUrl = where(
  matching(new RegExp(`^${ORIGIN}(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)+/?$`)),
  isOfBoundedLength,
);

function isOfBoundedLength({ length }: string): boolean {
  return length <= 200;
}

/** A grade code: ASCII, upper case, so that none is a name every object has. */
export const grade = matching(/^[A-Z0-9][A-Z0-9+-]{0,7}$/);

/** Bounded as the registry's database counts it. */
export const MAX_VERSION = 2_147_483_647;
export const version = integer(1, MAX_VERSION);

export const digest: Form<string> = where(text(43), (value) => decodeBase64url(value)?.length === 32);

export const suspendedDigests = list(digest, { max: MAX_SUSPENDED });

/** SHA-256 in full, or cut to 128 bits (design §4.1). */
export const fingerprint: Form<string> = where(text(43), (value) => {
  const bytes = decodeBase64url(value)?.length;
  return bytes === 32 || bytes === 16;
});

/** `iat` and `exp` in Unix seconds; what expires lives at all. */
export function isLifetime(times: { readonly iat: number; readonly exp: number }): boolean {
  return times.iat < times.exp;
}

/** Days of one form compare as text. */
export function isSpan(span: { readonly from: string; readonly to: string }): boolean {
  return span.from <= span.to;
}

export const suitedKey: Form<SuitedKey> = (value) => readKey(value, (rest) => object<object>({})(rest));

const organisation = object<Pick<OrganisationKey, 'organisation'>>({ organisation: identifier });
export const organisationKeys: Form<readonly OrganisationKey[]> = list(
  (value) => readKey(value, organisation),
  { min: 1, max: MAX_KEYS },
  pointOf,
);

const purpose = object<Pick<PurposeKey, 'purpose' | 'status'>>({
  purpose: oneOf<KeyPurpose>('attest', 'status', 'statement', 'receipt'),
  status: oneOf<KeyStatus>('active', 'retired', 'compromised'),
});
export const purposeKeys: Form<readonly PurposeKey[]> = list(
  (value) => readKey(value, purpose),
  { max: MAX_KEYS },
  pointOf,
);

/** Whether enough organisations hold keys for the threshold to be met at all. */
export function hasQuorum({ threshold, keys }: Pick<Anchor, 'threshold' | 'keys'>): boolean {
  return new Set(keys.map((key) => key.organisation)).size >= threshold;
}

function pointOf({ jwk }: SuitedKey): string {
  return `${jwk.crv} ${jwk.x}`;
}

/** A key with its suite, and what else its entry says. The JWK holds its required members only: nothing unsigned-for travels in it. */
function readKey<Rest extends object>(value: unknown, form: Form<Rest>): (SuitedKey & Rest) | undefined {
  if (!isJsonObject(value as JsonObject)) return undefined;
  const { jwk, alg, ...others } = value as JsonObject;
  if (!isSuiteName(alg) || !isJsonObject(jwk)) return undefined;
  const key = parsePublicJwk(jwk, alg);
  if (!key.ok || Object.keys(key.value).length !== Object.keys(jwk).length) return undefined;
  const rest = form(others);
  return rest && { jwk: key.value, alg, ...rest };
}
