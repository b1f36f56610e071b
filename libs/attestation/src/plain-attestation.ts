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
  readCommonClaims,
  readGrade,
  readSchemeReference,
  schemeClaim,
  type ClaimsFault,
  type CommonClaims,
  type SchemeReference,
} from './claim-forms.js';

/** What a card and a voucher both say (design §4.2). */
export interface PlainClaims extends CommonClaims {
  readonly scheme: SchemeReference;
  readonly atLeast: string;
}

/** One compact JWS with everything in the open and no holder key. Nothing in it is trusted yet. */
export interface PlainAttestation<Own> {
  readonly jws: ParsedJws;
  readonly claims: PlainClaims & Own;
}

export type PlainAttestationFault = JwsFault | ClaimsFault | 'JWS_HEADER_NOT_PLAIN';

/** What makes a plain attestation one of its type. */
export interface PlainForm<Own> {
  readonly typ: string;
  /** The longest life it is issued for. */
  readonly maxLifeSeconds: number;
  /** The members it has besides those of every plain attestation. */
  readonly ownMembers: readonly string[];
  /** What these members say; `undefined` unless each is of its exact type. */
  readonly readOwn: (payload: JsonObject) => Own | undefined;
}

const SHARED_MEMBERS = ['iss', 'iat', 'exp', 'vct', 'scheme', 'at_least'];
const MAX_CHARS = 2_048;

/** Parses strictly: exactly the form's members, each of its exact type, and a header that names a key and brings none. */
export function parsePlainAttestation<Own>(
  text: string,
  form: PlainForm<Own>,
): Result<PlainAttestation<Own>, PlainAttestationFault> {
  const jws = parseCompactJws(text, { typ: form.typ, maxChars: MAX_CHARS });
  if (!jws.ok) return jws;
  if (!isNamedByKidOnly(jws.value)) return fail('JWS_HEADER_NOT_PLAIN');
  const claims = readClaims(jws.value.payload, form);
  return claims.ok ? pass({ jws: jws.value, claims: claims.value }) : claims;
}

/**
 * Signs a plain attestation as compact JWS.
 * @param own the members of its own, as they stand in JSON
 * @throws RangeError for a life of no time or over the form's, or claims that no gate would read
 */
export async function signPlainAttestation<Own>(
  { iss, iat, exp, vct, scheme, atLeast }: PlainClaims,
  own: JsonObject,
  form: PlainForm<Own>,
  signer: Signer,
  port: CryptoPort,
): Promise<string> {
  if (exp <= iat || exp - iat > form.maxLifeSeconds) throw new RangeError(`lives at most ${form.maxLifeSeconds} s`);
  const payload = { iss, iat, exp, vct, scheme: schemeClaim(scheme), at_least: atLeast, ...own };
  if (!readClaims(payload, form).ok) throw new RangeError(`not the claims of ${form.typ}`);
  return signCompactJws(form.typ, payload, signer, port);
}

function readClaims<Own>(
  payload: JsonObject,
  { ownMembers, readOwn }: PlainForm<Own>,
): Result<PlainClaims & Own, ClaimsFault> {
  if (!hasExactly(payload, [...SHARED_MEMBERS, ...ownMembers])) return fail('CLAIMS_UNKNOWN_MEMBER');
  const common = readCommonClaims(payload);
  const scheme = readSchemeReference(payload['scheme']);
  const atLeast = readGrade(payload['at_least']);
  const own = readOwn(payload);
  if (!common || !scheme || atLeast === undefined || own === undefined) return fail('CLAIMS_MALFORMED');
  return pass({ ...common, scheme, atLeast, ...own });
}
