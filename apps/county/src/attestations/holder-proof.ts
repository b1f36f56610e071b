import {
  isNumericDate,
  isSignedBy,
  jwkThumbprint,
  parseCompactJws,
  parsePublicJwk,
  type ParsedJws,
  type PublicJwk,
} from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';

/** OpenID4VCI 1.0 appendix F.1. */
export const HOLDER_PROOF_TYP = 'openid4vci-proof+jwt';

export interface HolderProof {
  readonly jwk: Extract<PublicJwk, { readonly kty: 'EC' }>;
  /** RFC 7638. */
  readonly thumbprint: string;
  /** Still to be used up. */
  readonly nonce: string;
}

const CLAIMS = ['aud', 'iat', 'nonce'];
const OLDEST_SECONDS = 300;
const AHEAD_SECONDS = 30;

/**
 * Verifies a wallet's proof that it holds the private key of a new public key (OpenID4VCI 1.0 appendix F.1): header exactly
 * `alg` (ES256), `typ` and `jwk`, claims exactly `aud` (this issuer), `iat` and `nonce`, signed by the very key in the
 * header. This is the one place where a key comes out of a token, because possession of it is all that is proven.
 * @param now Unix seconds
 * @returns `undefined` when anything is amiss; the nonce is for the caller to use up
 */
export async function verifyHolderProof(
  token: string,
  audience: string,
  now: number,
): Promise<HolderProof | undefined> {
  const parsed = parseCompactJws(token, { typ: HOLDER_PROOF_TYP });
  if (!parsed.ok || !hasExactly(parsed.value.header, ['alg', 'jwk', 'typ'])) return undefined;
  const nonce = nonceOf(parsed.value, audience, now);
  const jwk = parsePublicJwk(parsed.value.header['jwk'], 'ES256');
  if (nonce === undefined || !jwk.ok || jwk.value.kty !== 'EC') return undefined;
  const key = await nodeCrypto.importPublicKey('ES256', jwk.value).catch(() => undefined);
  if (key === undefined || !(await isSignedBy(parsed.value, key, nodeCrypto))) return undefined;
  return { jwk: jwk.value, thumbprint: await jwkThumbprint(jwk.value, nodeCrypto), nonce };
}

function nonceOf({ payload }: ParsedJws, audience: string, now: number): string | undefined {
  const { aud, iat, nonce } = payload;
  if (!hasExactly(payload, CLAIMS) || aud !== audience || typeof nonce !== 'string') return undefined;
  const isTimely = isNumericDate(iat) && iat >= now - OLDEST_SECONDS && iat <= now + AHEAD_SECONDS;
  return isTimely ? nonce : undefined;
}

function hasExactly(value: object, members: readonly string[]): boolean {
  return Object.keys(value).toSorted().join() === members.toSorted().join();
}
