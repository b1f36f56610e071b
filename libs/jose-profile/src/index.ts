export { decodeBase64url, encodeBase64url } from './base64url.js';
export { parseCompactJws, parseDetachedJws, type JwsFault, type JwsForm, type ParsedJws } from './compact-jws.js';
export type { CryptoPort, SigningKey, VerificationKey } from './crypto-port.js';
export { parsePrivateJwk, parsePublicJwk, publicJwkOf, type JwkFault, type PrivateJwk, type PublicJwk } from './jwk.js';
export { jwkThumbprint } from './jwk-thumbprint.js';
export { fail, pass, type Result } from './result.js';
export { signBoundJws, signCompactJws, signDetachedJws, signPossessionJws, type Signer } from './sign-jws.js';
export {
  canonicalJson,
  isCanonicalJson,
  isJsonObject,
  isNumericDate,
  parseStrictJson,
  parseStrictObject,
  TOKEN_JSON_BOUNDS,
  type JsonBounds,
  type JsonFault,
  type JsonObject,
  type JsonValue,
} from './strict-json.js';
export { isSuiteName, SUITES, type SuiteName } from './suites.js';
export { isSignedBy } from './verify-jws.js';
