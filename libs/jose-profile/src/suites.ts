/**
 * The signature suites of the profile. A suite is chosen by the key's entry in the bundle, never by a token: the header's
 * `alg` must equal the suite of the pinned key (RFC 8725 §3.1).
 */
export const SUITES = {
  ES256: { kty: 'EC', crv: 'P-256', coordinates: ['x', 'y'], coordinateBytes: 32, signatureBytes: 64 },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', coordinates: ['x'], coordinateBytes: 32, signatureBytes: 64 },
} as const;

export type SuiteName = keyof typeof SUITES;

/** Whether a value names a suite of the profile. */
export function isSuiteName(value: unknown): value is SuiteName {
  return typeof value === 'string' && Object.hasOwn(SUITES, value);
}
