export type { Check } from './check.js';
export { CHECKS } from './checks.js';
export { decide, decideOffer, ENGINE, tellVerdict, type Decision } from './decide.js';
export type { AttestationFacts, BindingFacts, DecisionFacts, Ruled, Rules, StatusFacts } from './facts.js';
export type { Evidence, EvidenceHandles, Expectation } from './evidence.js';
export { readEvidence } from './read-evidence.js';
export type { StatusLists } from './read-status.js';
export {
  readReceipt,
  recordDocuments,
  replayReceipt,
  signReceipt,
  type ClerkDecisionPayload,
  type ReceiptPayload,
  type ReceiptRecord,
  type RecordedDocument,
  type RecordedDocuments,
  type Replay,
  type VoidPayload,
} from './receipt.js';
export { rulesFor } from './rules.js';
export { VERDICT_CODES, type Grant, type Verdict, type VerdictCode } from './verdict.js';
export { verifyBadge, type BadgeRequest, type BadgeVerdict } from './verify-badge.js';
export { allowedUse } from './use-checks.js';
export { CLOCK_SKEW_SECONDS, QR_LIFE_SECONDS, SESSION_PROOF_LIFE_SECONDS, type PresentationWay } from './ways.js';
