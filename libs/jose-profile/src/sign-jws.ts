import { encodeBase64url } from './base64url.js';
import type { CryptoPort, SigningKey } from './crypto-port.js';
import type { PublicJwk } from './jwk.js';
import { canonicalJson, type JsonObject } from './strict-json.js';

/** A private key ready to sign, with the `kid` (RFC 7638 thumbprint) its verifiers know it by. */
export interface Signer {
  readonly key: SigningKey;
  readonly kid: string;
}

const encoder = new TextEncoder();

/**
 * Signs a payload as compact JWS. The header holds exactly `alg`, `kid` and `typ`.
 * @param payload canonicalised (RFC 8785) before signing, so equal claims give equal signing inputs
 */
export async function signCompactJws(
  typ: string,
  payload: JsonObject,
  signer: Signer,
  port: CryptoPort,
): Promise<string> {
  return sign(
    { alg: signer.key.suite, kid: signer.kid, typ },
    encodeBase64url(canonicalJson(payload)),
    signer.key,
    port,
  );
}

/** Signs without a `kid`, for tokens whose key their verifier learns elsewhere (a key-binding JWT's key is in `cnf`). */
export async function signBoundJws(
  typ: string,
  payload: JsonObject,
  key: SigningKey,
  port: CryptoPort,
): Promise<string> {
  return sign({ alg: key.suite, typ }, encodeBase64url(canonicalJson(payload)), key, port);
}

/**
 * Signs with the public key in the header (`jwk`), to prove possession of a key its verifier does not know yet
 * (OpenID4VCI 1.0 appendix F.1). Such a header is never a source of trust anywhere else.
 */
export async function signPossessionJws(
  typ: string,
  payload: JsonObject,
  key: SigningKey,
  publicJwk: PublicJwk,
  port: CryptoPort,
): Promise<string> {
  return sign({ alg: key.suite, jwk: { ...publicJwk }, typ }, encodeBase64url(canonicalJson(payload)), key, port);
}

/** Signs base64url payload text and leaves the payload out: `protected..signature` (RFC 7515 appendix F). */
export async function signDetachedJws(
  typ: string,
  payloadPart: string,
  signer: Signer,
  port: CryptoPort,
): Promise<string> {
  const token = await sign({ alg: signer.key.suite, kid: signer.kid, typ }, payloadPart, signer.key, port);
  const [protectedPart, , signaturePart] = token.split('.');
  return `${protectedPart}..${signaturePart}`;
}

async function sign(header: JsonObject, payloadPart: string, key: SigningKey, port: CryptoPort): Promise<string> {
  const signingInput = `${encodeBase64url(encoder.encode(JSON.stringify(header)))}.${payloadPart}`;
  return `${signingInput}.${encodeBase64url(await port.sign(key, signingInput))}`;
}
