import {
  decodeBase64url,
  fail,
  parseCompactJws,
  pass,
  signCompactJws,
  type CryptoPort,
  type JsonObject,
  type JsonValue,
  type JwsFault,
  type ParsedJws,
  type Result,
  type Signer,
} from '#libs/jose-profile';
import {
  hasExactly,
  isNamedByKidOnly,
  isText,
  readCommonClaims,
  readGrade,
  readSchemeReference,
  schemeClaim,
  type ClaimsFault,
  type CommonClaims,
  type SchemeReference,
} from './claim-forms.js';

/** A type of its own in `typ` and `vct`: a voucher is never read as an attestation, nor the other way round (design §4.2). */
export const VOUCHER_TYP = 'xinqiao-voucher+jwt';

export const MAX_VOUCHER_LIFE_SECONDS = 120;

/** The `vct` of vouchers of a federation. */
export function voucherVct(federation: string): string {
  return `${federation}/vct/voucher/1`;
}

/**
 * A county's live answer to one gate about the person whose document that gate has read (design §4.2). It answers one signed
 * request (`aud`, `nonce`) and one offer, and lives two minutes; the ID number is not in it.
 */
export interface VoucherClaims extends CommonClaims {
  /** The site that asked. */
  readonly aud: string;
  /** Of the gate's request. */
  readonly nonce: string;
  readonly partner: string;
  readonly offer: string;
  readonly scheme: SchemeReference;
  readonly atLeast: string;
  /** 256 bits, base64url: stands for the resident towards this partner only and stays, so that quotas can be kept. */
  readonly holder: string;
}

export interface Voucher {
  readonly jws: ParsedJws;
  readonly claims: VoucherClaims;
}

export type VoucherFault = JwsFault | ClaimsFault | 'JWS_HEADER_NOT_PLAIN';

const MEMBERS = [
  'iss',
  'iat',
  'exp',
  'vct',
  'aud',
  'nonce',
  'partner',
  'offer',
  'scheme',
  'at_least',
  'holder',
] as const;
const MAX_CHARS = 2_048;
const HOLDER_BYTES = 32;

/**
 * Issues a voucher as compact JWS. It travels encrypted to the gate that asked.
 * @throws RangeError for a life of no time or over two minutes, or claims that no gate would read
 */
export async function issueVoucher(claims: VoucherClaims, signer: Signer, port: CryptoPort): Promise<string> {
  if (claims.exp <= claims.iat || claims.exp - claims.iat > MAX_VOUCHER_LIFE_SECONDS)
    throw new RangeError('a voucher lives at most two minutes');
  const { iss, iat, exp, vct, aud, nonce, partner, offer, scheme, atLeast, holder } = claims;
  const answer = { aud, nonce, partner, offer, scheme: schemeClaim(scheme), at_least: atLeast, holder };
  const payload: JsonObject = { iss, iat, exp, vct, ...answer };
  if (readVoucherClaims(payload) === undefined) throw new RangeError('not the claims of a voucher');
  return signCompactJws(VOUCHER_TYP, payload, signer, port);
}

/** Parses a voucher strictly: exactly its members, each of its exact type. Nothing in it is trusted yet. */
export function parseVoucher(text: string): Result<Voucher, VoucherFault> {
  const jws = parseCompactJws(text, { typ: VOUCHER_TYP, maxChars: MAX_CHARS });
  if (!jws.ok) return jws;
  if (!isNamedByKidOnly(jws.value)) return fail('JWS_HEADER_NOT_PLAIN');
  if (!hasExactly(jws.value.payload, MEMBERS)) return fail('CLAIMS_UNKNOWN_MEMBER');
  const claims = readVoucherClaims(jws.value.payload);
  return claims ? pass({ jws: jws.value, claims }) : fail('CLAIMS_MALFORMED');
}

function readVoucherClaims(payload: JsonObject): VoucherClaims | undefined {
  const common = readCommonClaims(payload);
  const scheme = readSchemeReference(payload['scheme']);
  const atLeast = readGrade(payload['at_least']);
  const holder = readHolder(payload['holder']);
  const { aud, nonce, partner, offer } = payload;
  if (!common || !scheme || atLeast === undefined || holder === undefined) return undefined;
  if (!isText(aud) || !isText(nonce) || !isText(partner) || !isText(offer)) return undefined;
  return { ...common, aud, nonce, partner, offer, scheme, atLeast, holder };
}

function readHolder(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value.length < 64 && decodeBase64url(value)?.length === HOLDER_BYTES
    ? value
    : undefined;
}
