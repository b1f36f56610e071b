/**
 * The signature suites of the profile. A suite is chosen by the key's entry in the bundle, never by a token: the header's
 * `alg` must equal the suite of the pinned key (RFC 8725 §3.1). Adding one takes a row here and a port that can do it; a key of
 * a suite that a port lacks verifies nothing there. No two rows share a curve.
 *
 * `SM2` (GB/T 32918.2 with SM3 inside, user id 1234567812345678) has no registered JOSE name; this one is the alliance's own.
 */
export const SUITES = {
  ES256: { kty: 'EC', crv: 'P-256', coordinates: ['x', 'y'], coordinateBytes: 32, signatureBytes: 64 },
  EdDSA: { kty: 'OKP', crv: 'Ed25519', coordinates: ['x'], coordinateBytes: 32, signatureBytes: 64 },
  SM2: { kty: 'EC', crv: 'SM2', coordinates: ['x', 'y'], coordinateBytes: 32, signatureBytes: 64 },
} as const;

export type SuiteName = keyof typeof SUITES;

/** Whether a value names a suite of the profile. */
export function isSuiteName(value: unknown): value is SuiteName {
  return typeof value === 'string' && Object.hasOwn(SUITES, value);
}

const BY_CURVE: ReadonlyMap<string, SuiteName> = new Map(
  Object.entries(SUITES).map(([name, { crv }]) => [crv, name as SuiteName]),
);

/** The one suite of a curve that has one. */
export function suiteOfCurve(crv: (typeof SUITES)[SuiteName]['crv']): SuiteName {
  return BY_CURVE.get(crv)!;
}
