import type { SuiteName } from './suites.js';
import type { PrivateJwk, PublicJwk } from './jwk.js';

/** A public key a port has imported; opaque to everyone else. */
export interface VerificationKey {
  readonly suite: SuiteName;
  readonly handle: unknown;
}

/** A private key a port has imported; opaque to everyone else. */
export interface SigningKey {
  readonly suite: SuiteName;
  readonly handle: unknown;
}

/**
 * Everything a pure library may not do by itself: digests, signatures, randomness and bounded inflation.
 * One port for Node (`#libs/jose-profile/node`), one for the browser; the libraries know only this interface.
 */
export interface CryptoPort {
  /** SHA-256 of bytes, or of an ASCII string. 32 bytes. */
  sha256(data: Uint8Array | string): Promise<Uint8Array>;
  /** Imports a checked public key. Rejects when the key is not a point of its curve. */
  importPublicKey(suite: SuiteName, jwk: PublicJwk): Promise<VerificationKey>;
  /** Imports a private key. Rejects when it is malformed or does not belong to its public half. */
  importPrivateKey(suite: SuiteName, jwk: PrivateJwk): Promise<SigningKey>;
  /** Whether `signature` (raw `r || s` or Ed25519 form) is valid over the ASCII `signingInput`. Never rejects. */
  verify(key: VerificationKey, signingInput: string, signature: Uint8Array): Promise<boolean>;
  /** Signs an ASCII string; the raw signature in the form JWS carries (RFC 7518 §3.4, RFC 8037 §3.1). */
  sign(key: SigningKey, signingInput: string): Promise<Uint8Array>;
  /** Cryptographically secure random bytes. */
  randomBytes(length: number): Uint8Array;
  /**
   * Inflates a zlib stream (RFC 1950) and gives up as soon as the output would pass `maxBytes`.
   * `undefined` when the stream is malformed, truncated, has trailing bytes or is larger than allowed.
   */
  inflate(data: Uint8Array, maxBytes: number): Promise<Uint8Array | undefined>;
  /** Deflates into a zlib stream (RFC 1950), best compression. */
  deflate(data: Uint8Array): Promise<Uint8Array>;
}
