import {
  encodeBase64url,
  fail,
  isNumericDate,
  parseCompactJws,
  pass,
  signBoundJws,
  type CryptoPort,
  type JwsFault,
  type ParsedJws,
  type Result,
  type SigningKey,
} from '#libs/jose-profile';
import { hasExactly } from './claim-forms.js';

/** `typ` of a key-binding JWT (RFC 9901 §4.3). */
const KEY_BINDING_TYP = 'kb+jwt';

/** The claims of a key-binding JWT (RFC 9901 §4.3). `offer` names the offer; standard wallets leave it out. */
export interface KeyBindingClaims {
  readonly iat: number;
  readonly aud: string;
  readonly nonce: string;
  readonly sdHash: string;
  readonly offer: string | undefined;
}

export interface KeyBinding {
  readonly jws: ParsedJws;
  readonly claims: KeyBindingClaims;
}

export type KeyBindingFault = JwsFault | 'KEY_BINDING_MALFORMED' | 'JWS_HEADER_NOT_PLAIN';

const MAX_CHARS = 1_600;

/** The hash a key-binding JWT carries: over the attestation and the disclosures as presented (RFC 9901 §4.3.1). */
export async function sdHash(sdJwt: string, port: CryptoPort): Promise<string> {
  return encodeBase64url(await port.sha256(sdJwt));
}

/** Signs a key-binding JWT over `<jws>~<disclosure>~…~` with the holder's key. */
export async function signKeyBinding(
  sdJwt: string,
  claims: Omit<KeyBindingClaims, 'sdHash'>,
  holderKey: SigningKey,
  port: CryptoPort,
): Promise<string> {
  const { iat, aud, nonce, offer } = claims;
  return signBoundJws(KEY_BINDING_TYP, { iat, aud, nonce, sd_hash: await sdHash(sdJwt, port), offer }, holderKey, port);
}

/** Parses a key-binding JWT for form. Who signed it is for the verifier, with the key in `cnf`. */
export function parseKeyBinding(token: string): Result<KeyBinding, KeyBindingFault> {
  const parsed = parseCompactJws(token, { typ: KEY_BINDING_TYP, maxChars: MAX_CHARS });
  if (!parsed.ok) return parsed;
  // `{alg, typ}`: the key is in `cnf`, and no header brings or names another.
  if (Object.keys(parsed.value.header).length !== 2) return fail('JWS_HEADER_NOT_PLAIN');
  const { payload } = parsed.value;
  const members = ['iat', 'aud', 'nonce', 'sd_hash', ...(payload['offer'] === undefined ? [] : ['offer'])];
  const { iat, aud, nonce, sd_hash: hash, offer } = payload;
  if (!hasExactly(payload, members) || !isNumericDate(iat)) return fail('KEY_BINDING_MALFORMED');
  if (typeof aud !== 'string' || typeof nonce !== 'string' || typeof hash !== 'string')
    return fail('KEY_BINDING_MALFORMED');
  if (offer !== undefined && typeof offer !== 'string') return fail('KEY_BINDING_MALFORMED');
  return pass({ jws: parsed.value, claims: { iat, aud, nonce, sdHash: hash, offer } });
}
