export {
  allowedUse,
  CHECKS,
  CLOCK_SKEW_SECONDS,
  QR_LIFE_SECONDS,
  SESSION_PROOF_LIFE_SECONDS,
  type Check,
} from './checks.js';
export { decide, decideOffer, ENGINE, tellVerdict, type Decision } from './decide.js';
export type { AttestationFacts, DecisionFacts, PresentationWay, Ruled, Rules, StatusFacts } from './facts.js';
export {
  readEvidence,
  type Evidence,
  type EvidenceHandles,
  type Expectation,
  type StatusLists,
} from './read-evidence.js';
export {
  readReceipt,
  RECEIPT_TYP,
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
