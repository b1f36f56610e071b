export {
  badgeVct,
  issueBadge,
  MAX_BADGE_LIFE_SECONDS,
  parseBadge,
  type BadgeClaims,
  type BadgeFault,
  type BadgePresentation,
  type BadgeSubject,
} from './badge.js';
export { decodeBase41, encodeBase41 } from './base41.js';
export { cardVct, issueCard, MAX_CARD_LIFE_SECONDS, parseCard, type CardClaims } from './card.js';
export type { ClaimsFault, MaskedPerson } from './claim-forms.js';
export { disclosureDigest, parseDisclosure, type Disclosure } from './disclosures.js';
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
export type { PlainAttestation, PlainAttestationFault } from './plain-attestation.js';
export { decodePresentationQr, encodePresentationQr, MAX_QR_CHARS, QR_LEVEL } from './presentation-qr.js';
export { processDisclosures, type SdJwtFault } from './process-disclosures.js';
export { ATTESTATION_TYP } from './split-sd-jwt.js';
export { MAX_LIFE_SECONDS, parseTierClaims, tierPayload, tierVct, type TierClaims } from './tier-claims.js';
export { readTierDisclosures, type Disclosed, type DisclosureFault } from './tier-disclosures.js';
export { issueVoucher, MAX_VOUCHER_LIFE_SECONDS, parseVoucher, voucherVct, type VoucherClaims } from './voucher.js';
