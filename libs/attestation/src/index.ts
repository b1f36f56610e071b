export { decodeBase41, encodeBase41 } from './base41.js';
export {
  disclosureDigest,
  matchDisclosures,
  type Disclosed,
  type Disclosure,
  type DisclosureFault,
  type MaskedPerson,
} from './disclosures.js';
export { issueTierAttestation, type TierIssue } from './issue-tier-attestation.js';
export {
  parseKeyBinding,
  sdHash,
  signKeyBinding,
  type KeyBinding,
  type KeyBindingClaims,
  type KeyBindingFault,
} from './key-binding.js';
export { parsePresentation, type PresentationFault, type TierPresentation } from './parse-presentation.js';
export { decodePresentationQr, encodePresentationQr, MAX_QR_CHARS, QR_LEVEL } from './presentation-qr.js';
export {
  ATTESTATION_TYP,
  KEY_BINDING_TYP,
  MAX_LIFE_SECONDS,
  parseTierClaims,
  tierPayload,
  tierVct,
  type ClaimsFault,
  type TierClaims,
} from './tier-claims.js';
