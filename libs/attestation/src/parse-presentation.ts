import { pass, type Result } from '#libs/jose-profile';
import type { ClaimsFault } from './claim-forms.js';
import { splitSdJwt, type SdJwtFormFault, type SdJwtParts } from './split-sd-jwt.js';
import { parseTierClaims, type TierClaims } from './tier-claims.js';

/** A tier attestation, presented or as issued, taken apart and checked for form. Nothing in it is trusted yet. */
export interface TierPresentation extends SdJwtParts {
  readonly claims: TierClaims;
}

export type PresentationFault = SdJwtFormFault | ClaimsFault;

/** Parses a presentation of a tier attestation; its disclosures are for `readTierDisclosures`, its signatures for the verifier. */
export function parsePresentation(text: string): Result<TierPresentation, PresentationFault> {
  const parts = splitSdJwt(text);
  if (!parts.ok) return parts;
  const { jws, disclosures, sdJwt, keyBinding } = parts.value;
  const claims = parseTierClaims(jws.payload);
  return claims.ok ? pass({ jws, disclosures, sdJwt, keyBinding, claims: claims.value }) : claims;
}
