export { acceptBundle, type BundleOutcome, type BundleRefusal } from './accept-bundle.js';
export type { AllianceFault } from './alliance-fault.js';
export type { AllianceKey, AllianceTrust, AnyHeldDocument, HeldDocument } from './alliance-trust.js';
export {
  BUNDLE_JSON_BOUNDS,
  MAX_ANCHORS,
  MAX_DOCUMENTS,
  parseAnchor,
  parseBundle,
  type Bundle,
  type NextBundle,
} from './bundle.js';
export type { HeadOrder } from './check-order.js';
export { docsRoot } from './docs-root.js';
export { footingOf } from './footing.js';
export { HEAD_TYP, headDigest, signHead, verifyHead, type VerifiedHead } from './head.js';
export { digestsToName, leavesRoom, restsOnNamed, restsOnNothing } from './name-suspended.js';
export { nextHead, nextRound, suspendedUnder, type HeadPlan, type HeadState, type RoundPlan } from './next-round.js';
export {
  DOCUMENT_TYPES,
  type AgreementPayload,
  type Anchor,
  type AnchorPayload,
  type DelegationPayload,
  type DocumentType,
  type HeadPayload,
  type KeyPurpose,
  type KeyStatus,
  type MemberPayload,
  type Name,
  type OfferPayload,
  type OrganisationKey,
  type PartnerPayload,
  type PayloadOf,
  type PurposeKey,
  type RoundPayload,
  type SchemePayload,
  type SignedType,
  type SuitedKey,
  type TablePayload,
} from './payloads.js';
export {
  addSignature,
  documentDigest,
  documentTyp,
  parsePayload,
  parseSignedDocument,
  readDocument,
  readDocumentOf,
  signDocument,
  type AnyReadDocument,
  type ReadDocument,
  type SignedDocument,
} from './signed-document.js';
export { newerAnchor, verifyAnchors, type FollowedAnchors } from './verify-anchors.js';
export { verifyDelegation, verifyRound, type VerifiedDelegation, type VerifiedRound } from './verify-delegation.js';
export { orderOf, verifyParts, type BundleParts, type PartsOutcome, type VerifiedParts } from './verify-parts.js';
export { missingSigners } from './signer-rule.js';
