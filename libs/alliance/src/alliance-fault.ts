/**
 * Why an anchor, document, round, head or bundle is not accepted: a closed set. Codes say which rule of `docs/wire.md` was
 * broken and nothing about anybody.
 */
export type AllianceFault =
  // Form
  | 'ANCHOR_MALFORMED'
  | 'BUNDLE_MALFORMED'
  | 'DOCUMENT_MALFORMED'
  | 'DOCUMENT_TYPE_WRONG'
  | 'PAYLOAD_MALFORMED'
  | 'PAYLOAD_NOT_CANONICAL'
  | 'HEAD_MALFORMED'
  // Signatures and keys
  | 'SIGNATURE_MALFORMED'
  | 'SIGNATURE_INVALID'
  | 'SIGNATURES_MISSING'
  | 'KEY_SHARED'
  // The chain of anchors
  | 'ANCHOR_GAP'
  // Round and head under their delegation
  | 'ROUND_EPOCH_WRONG'
  | 'HEAD_KEY_UNKNOWN'
  | 'HEAD_EPOCH_WRONG'
  | 'HEAD_ROUND_WRONG'
  | 'HEAD_OUTSIDE_ROUND'
  | 'SUSPENSION_DROPPED'
  // Documents under `docs_root`
  | 'DOCUMENT_TWICE'
  | 'DOCS_ROOT_WRONG'
  | 'REFERENCE_MISSING'
  | 'VERSION_AMBIGUOUS'
  | 'SCHEME_OWNER_DIFFERS'
  | 'STATUS_LIST_SHARED'
  | 'TABLE_ORDER_WRONG'
  // Against what was accepted before
  | 'EPOCH_LOWER'
  | 'DELEGATION_CHANGED'
  | 'SEQ_LOWER'
  | 'HEAD_EQUIVOCATION'
  | 'PREV_WRONG'
  | 'ROUND_LOWER'
  | 'ROUND_CHANGED'
  | 'VERSION_LOWER'
  | 'VERSION_REUSED'
  | 'DOCUMENT_DROPPED';
