import type { AllianceKey, AllianceTrust } from '#libs/alliance';
import type { CryptoPort, ParsedJws, PublicJwk, VerificationKey } from '#libs/jose-profile';
import { STAND_IN_JWK, standIns } from './stand-in.js';

/** Who is named as the signer, and whether the signature holds. */
export interface IssuerSignature {
  readonly isIssuerKeyTrusted: boolean;
  readonly isIssuerSigned: boolean;
  readonly keyOwner: string | undefined;
}

/**
 * Checks an issuer's signature with the key that the bundle lists under the token's `kid` (RFC 9901 §7.1 step 2). A key nobody
 * lists costs what a listed one does.
 */
export async function checkIssuerSignature(
  jws: ParsedJws,
  trust: AllianceTrust,
  port: CryptoPort,
): Promise<IssuerSignature> {
  const listed = jws.kid === undefined ? undefined : trust.key(jws.kid);
  const isIssuerSigned = await isSignedBy(jws, listed && (await listed.verificationKey()), port);
  return { isIssuerKeyTrusted: isAttestKey(listed), isIssuerSigned, keyOwner: listed?.owner.id };
}

/** Checks a key-binding JWT with the key in `cnf` (RFC 9901 §7.3 step 5); false for a key that is no point of its curve. */
export async function isSignedByHolder(jws: ParsedJws, cnf: PublicJwk, port: CryptoPort): Promise<boolean> {
  return isSignedBy(jws, await importHolderKey(cnf, port), port);
}

/** One key, one purpose, one member in good standing (design §4); a compromised key verifies nothing (§4.5). */
function isAttestKey(key: AllianceKey | undefined): boolean {
  return (
    key !== undefined &&
    key.purpose === 'attest' &&
    key.owner.kind === 'member' &&
    key.status !== 'compromised' &&
    !key.suspended
  );
}

/** The token's `alg` must be the suite the key is pinned to (RFC 8725 §3.1). The same work where there is no such key. */
async function isSignedBy(jws: ParsedJws, key: VerificationKey | undefined, port: CryptoPort): Promise<boolean> {
  if (key?.suite === jws.alg) return port.verify(key, jws.signingInput, jws.signature);
  await port.verify((await standIns(port)).key, jws.signingInput, jws.signature);
  return false;
}

async function importHolderKey(cnf: PublicJwk, port: CryptoPort): Promise<VerificationKey | undefined> {
  try {
    return await port.importPublicKey('ES256', cnf);
  } catch {
    await port.importPublicKey('ES256', STAND_IN_JWK);
    return undefined;
  }
}
