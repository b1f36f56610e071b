import { decodeBase64url } from './base64url.js';
import { fail, pass, type Result } from './result.js';
import { isJsonObject, type JsonObject, type JsonValue } from './strict-json.js';
import { suiteOfCurve, SUITES, type SuiteName } from './suites.js';

type JwkOf<Suite extends SuiteName> = {
  readonly kty: (typeof SUITES)[Suite]['kty'];
  readonly crv: (typeof SUITES)[Suite]['crv'];
} & { readonly [Coordinate in (typeof SUITES)[Suite]['coordinates'][number]]: string };

/** A public key of the profile, reduced to its required members (RFC 7638 §3.2). */
export type PublicJwk = { readonly [Suite in SuiteName]: JwkOf<Suite> }[SuiteName];

export type PrivateJwk = PublicJwk & { readonly d: string };

export type JwkFault = 'JWK_MALFORMED' | 'JWK_WRONG_TYPE' | 'JWK_WRONG_USE' | 'JWK_HOLDS_PRIVATE_KEY';

/**
 * Checks a JWK for one suite: `kty` and `crv` exact, coordinates canonical and of full length, `use`, `key_ops` and `alg`
 * (where present) fit for verifying with that suite (RFC 7517 §4, RFC 8725 §3.1), and no private member.
 * Whether the point lies on the curve is for `CryptoPort.importPublicKey`.
 */
export function parsePublicJwk(value: JsonValue | undefined, suite: SuiteName): Result<PublicJwk, JwkFault> {
  if (!isJsonObject(value)) return fail('JWK_MALFORMED');
  if (value['d'] !== undefined) return fail('JWK_HOLDS_PRIVATE_KEY');
  const rule = SUITES[suite];
  if (value['kty'] !== rule.kty || value['crv'] !== rule.crv) return fail('JWK_WRONG_TYPE');
  if (!isForVerifying(value, suite)) return fail('JWK_WRONG_USE');
  for (const name of rule.coordinates)
    if (!isCoordinate(value[name], rule.coordinateBytes)) return fail('JWK_MALFORMED');
  return pass(requiredMembers(value as PublicJwk, suite));
}

/**
 * Checks a private JWK for one suite: its public half as `parsePublicJwk` does (`key_ops` aside), and a `d` of full length.
 * Whether `d` fits the public half is for `CryptoPort.importPrivateKey`.
 */
export function parsePrivateJwk(value: unknown, suite: SuiteName): Result<PrivateJwk, JwkFault> {
  if (typeof value !== 'object' || value === null || !('d' in value)) return fail('JWK_MALFORMED');
  const { d, ...rest } = value;
  const publicHalf = parsePublicJwk({ ...rest, key_ops: undefined }, suite);
  if (!publicHalf.ok) return publicHalf;
  return isCoordinate(d, SUITES[suite].coordinateBytes) ? pass({ ...publicHalf.value, d }) : fail('JWK_MALFORMED');
}

/** The public half of a private key. */
export function publicJwkOf(jwk: PrivateJwk): PublicJwk {
  return requiredMembers(jwk, suiteOfCurve(jwk.crv));
}

function requiredMembers(jwk: PublicJwk, suite: SuiteName): PublicJwk {
  const { kty, crv, coordinates } = SUITES[suite];
  const held: Readonly<Record<string, string>> = jwk;
  const required: Record<string, string> = { kty, crv };
  for (const name of coordinates) required[name] = held[name]!;
  return required as PublicJwk;
}

function isForVerifying(value: JsonObject, suite: SuiteName): boolean {
  const { use, key_ops: operations, alg } = value;
  if (use !== undefined && use !== 'sig') return false;
  if (alg !== undefined && alg !== suite) return false;
  return operations === undefined || (Array.isArray(operations) && operations.includes('verify'));
}

function isCoordinate(value: unknown, length: number): value is string {
  return typeof value === 'string' && value.length < 64 && decodeBase64url(value)?.length === length;
}
