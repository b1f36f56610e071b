interface ErrorEntry {
  /** HTTP status of the problem response; boot codes never reach a client and say 500. */
  readonly status: number;
  /** The one public sentence of this code: fixed, so that an answer never carries a value. */
  readonly title: string;
}

/** Every error code a client or an operator can meet, one block per owner. `docs/errors.md` lists the same codes. */
export const ERRORS = {
  // Every service
  BODY_INVALID: { status: 400, title: 'The request body or a parameter is not valid' },
  BODY_TOO_LARGE: { status: 413, title: 'The request body is too large' },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, title: 'The content type is not supported' },
  ROUTE_UNKNOWN: { status: 404, title: 'There is no such route' },
  NOT_FOUND: { status: 404, title: 'There is no such resource' },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests' },
  CONFLICT: { status: 409, title: 'The request does not fit the present state of the resource' },
  INTERNAL: { status: 500, title: 'The service failed' },
  NOT_READY: { status: 503, title: 'The service is not ready' },

  // Staff accounts and sessions
  STAFF_TOKEN_MISSING: { status: 401, title: 'This route needs a staff token' },
  STAFF_TOKEN_INVALID: { status: 401, title: 'The staff token is unknown, expired or revoked' },
  STAFF_SIGN_IN_REFUSED: { status: 401, title: 'The user name or the password is wrong' },
  STAFF_ROLE_MISSING: { status: 403, title: 'The signed-in account lacks the role for this route' },
  STAFF_PASSWORD_ONE_TIME: { status: 403, title: 'The password is a one-time one: choose your own first' },
  STAFF_OUT_OF_SCOPE: { status: 403, title: 'The account, or what it is to be granted, lies outside your places' },
  STAFF_OWN_ACCOUNT: { status: 403, title: 'Nobody manages their own account' },
  STAFF_USERNAME_TAKEN: { status: 409, title: 'The user name is taken' },

  // County: places
  PLACE_UNKNOWN: { status: 422, title: 'The county has no such place' },
  PLACE_OUT_OF_SCOPE: { status: 403, title: 'The signed-in account is confined to another place' },
  PLACE_LEVEL_WRONG: { status: 422, title: 'A place of this level cannot lie there' },
  PLACE_DIFFERS: { status: 409, title: 'The id belongs to a place with other content' },

  // County: schemes
  SCHEME_INVALID: { status: 422, title: 'The scheme document has faults' },
  SCHEME_VERSION_ADOPTED: { status: 409, title: 'This version of the scheme is adopted and no longer changes' },
  SCHEME_RETROACTIVE: { status: 422, title: 'A change of rules cannot hold for days that have passed' },
  SCHEME_EXPORT_TAKEN: { status: 409, title: 'The grades of another scheme already leave this county' },
  ADOPTION_BY_DRAFTER: { status: 403, title: 'Somebody other than who drafted a scheme records its adoption' },

  // County: subjects, memberships, doors, documents
  SUBJECT_MINOR: { status: 422, title: 'A person who may be a minor gets no account' },
  SUBJECT_DIFFERS: { status: 409, title: 'The handle belongs to a subject with other content' },
  SUBJECT_UNKNOWN: { status: 422, title: 'No subject has this handle' },
  SUBJECT_ENDED: { status: 409, title: 'The subject is closed' },
  SUBJECT_KIND_WRONG: { status: 422, title: 'This cannot be done with subjects of this kind' },
  MEMBERSHIP_DAY_WRONG: { status: 422, title: 'The days do not exist, are out of order or lie ahead' },
  MEMBERSHIP_OVERLAPS: { status: 409, title: 'The membership overlaps one that excludes it' },
  MERGE_NOT_REVERSIBLE: { status: 409, title: 'Something is built on the merge; it cannot be taken back' },
  DOOR_UNKNOWN: { status: 404, title: 'No door is known by this code' },
  DOCUMENT_NUMBER_INVALID: { status: 422, title: 'The number is none such a document of this person can have' },
  DOCUMENT_NUMBER_TAKEN: { status: 409, title: 'The number belongs to another person' },

  // County: residents, ledger, enrolment, attestations
  RESIDENT_MINOR: { status: 422, title: 'A resident who may be a minor gets no account' },
  RESIDENT_DIFFERS: { status: 409, title: 'The handle belongs to a resident with other particulars' },
  RESIDENT_UNKNOWN: { status: 422, title: 'No resident has this handle' },
  SCHEME_NOT_EXPORTED: { status: 409, title: 'No scheme whose grades may leave this county is in effect' },
  ENTRY_RULE_UNKNOWN: { status: 422, title: 'The scheme has no such rule' },
  ENTRY_NOT_BY_RULE: { status: 422, title: 'The entry does not fit its rule or its day' },
  ENTRY_DIFFERS: { status: 409, title: 'The entry id belongs to an entry with other content' },
  ENTRY_EVIDENCE_MISSING: { status: 422, title: 'The entry lacks evidence that its rule asks for' },
  ENTRY_STATE_OTHER: { status: 409, title: 'The entry is not in a state from which this leads on' },
  ENTRY_STEP_DIFFERS: { status: 409, title: 'The key belongs to another act on this entry' },
  ENTRY_ROLE_MISSING: { status: 403, title: 'The account lacks the role for this act at the place of the entry' },
  ENTRY_OF_ANOTHER: { status: 403, title: 'Residents declare for themselves and their household' },
  SELF_APPROVAL: { status: 403, title: 'Nobody decides about an entry of their own' },
  HOUSEHOLD_APPROVAL: { status: 403, title: 'Nobody decides about an entry of their household' },
  DECLARER_APPROVAL: { status: 403, title: 'Whoever declared an entry does not decide about it' },
  SAME_APPROVER: { status: 403, title: "The second approval is another person's" },
  REVIEWER_INVOLVED: { status: 403, title: 'An objection is decided by somebody who had no part in the entry' },
  APPROVER_MISSING: { status: 409, title: 'The entry has not been approved' },
  SECOND_APPROVER_MISSING: { status: 409, title: 'The entry needs a second approval' },
  PUBLICITY_RUNNING: { status: 409, title: 'The entry has not been on the board for its days' },
  VALIDITY_RUNNING: { status: 409, title: 'The entry has not expired' },
  REVERSAL_FINAL: { status: 409, title: 'A reversal that has taken effect is final' },
  REVERSAL_OF_REVERSAL: { status: 422, title: 'A reversal cannot be taken back' },
  REVERSAL_NOT_OF_ENTRY: { status: 422, title: 'The reversal names another rule or subject than the entry' },
  REVERSAL_NOT_OPEN: { status: 409, title: 'The entry does not count, so there is nothing to take back' },
  BALANCE_TOO_LOW: { status: 409, title: 'The balance does not cover the price' },
  LEDGER_RULE_UNKNOWN: { status: 409, title: 'The ledger holds entries of a rule the scheme no longer has' },
  ASSESSMENT_YEAR_INVALID: { status: 422, title: 'The scheme was not in force in this year, or it has not begun' },
  ENROLMENT_CODE_REFUSED: { status: 403, title: 'The enrolment code is wrong, used or expired' },
  DEVICE_KEY_INVALID: { status: 422, title: 'The device key is not a public ES256 key' },
  DEVICE_PROOF_REFUSED: { status: 401, title: 'The proof of the enrolled device is not accepted' },
  CONSENT_MISSING: { status: 409, title: 'There is no standing consent for this partner' },
  HOLDER_PROOF_REFUSED: { status: 422, title: 'The proof of possession of the holder key is not accepted' },
  HOLDER_KEY_REFUSED: { status: 409, title: 'The holder key cannot be used for this partner' },
  NOTHING_TO_ISSUE: { status: 422, title: 'There is nothing to issue at present' },
  STATUS_LIST_FULL: { status: 503, title: 'The status list has no free place' },
  COUNTERSIGNATURE_REFUSED: { status: 422, title: 'The county cannot sign this document' },

  // Federation: delegation, documents, rounds, heads, statements
  FEDERATION_NOT_OPEN: { status: 409, title: 'The alliance has no delegation yet' },
  HEAD_NOT_PUBLISHED: { status: 404, title: 'The alliance has not published a head yet' },
  ANCHOR_REFUSED: { status: 422, title: 'The anchor is not one that the old and the new roots have signed' },
  ANCHOR_NOT_NEXT: { status: 409, title: 'The anchor is not the version after the present one' },
  DELEGATION_REFUSED: { status: 422, title: 'The delegation is not one that the roots have signed' },
  DELEGATION_EPOCH_NOT_HIGHER: { status: 409, title: 'The epoch of the delegation is not higher than the present one' },
  EPOCH_NOT_PREPARED: { status: 409, title: 'No delegation of this epoch is in force or prepared' },
  DELEGATION_EXPIRED: { status: 409, title: 'The delegation has expired' },
  ONLINE_KEY_NOT_HELD: { status: 409, title: 'The online key of the delegation is not held by this federation' },
  DOCUMENT_INVALID: { status: 422, title: 'The document has not the form of its type' },
  DOCUMENT_REFERENCE_MISSING: { status: 422, title: 'The document refers to something that is not complete here' },
  DOCUMENT_OVERTAKEN: { status: 409, title: 'This version of the document, or a later one, is complete already' },
  DOCUMENT_NOT_OPEN: { status: 409, title: 'The document takes no signatures in its present state' },
  DOCUMENT_NOT_PUBLISHED: { status: 409, title: 'The document is not among those published now' },
  KEY_SHARED: { status: 422, title: 'A key of the document belongs to somebody else already' },
  STATUS_LIST_SHARED: { status: 422, title: 'A status list of the document is listed by another member already' },
  KEY_ORDER_WRONG: { status: 422, title: 'A key is left out, or has a status, that its last version does not allow' },
  KEY_STILL_NEEDED: {
    status: 409,
    title: 'A key is left out that documents still need: they are to be signed again first',
  },
  SCHEME_OF_ANOTHER_MEMBER: { status: 422, title: 'Another member has declared this scheme' },
  LINT_FAILED: { status: 422, title: 'The equivalence table does not pass its review' },
  FOUNDING_CLOSED: { status: 409, title: 'A day of submission can be given before the first head only' },
  SIGNATURE_REFUSED: { status: 422, title: 'The signature does not verify' },
  SIGNER_UNKNOWN: { status: 422, title: 'The key is none of those that may sign this' },
  SIGNATURE_NOT_NEEDED: { status: 409, title: 'No further signature of this organisation is needed' },
  ROUND_STALE: { status: 409, title: 'The documents or suspensions have changed since the round was drafted' },
  ROUND_BLOCKED: { status: 409, title: 'Published documents lack signatures by the present keys and officers' },
  ROUND_EXPIRED: { status: 409, title: 'The round in force has expired: a new one is needed' },
  SUSPENSIONS_FULL: { status: 409, title: 'A head has no room to name another suspended document of this kind' },
  NOT_SUSPENDED: { status: 409, title: 'A suspension to be lifted is not in force' },
  BUNDLE_REFUSED: { status: 409, title: 'Gates would refuse what was about to be published' },
  STATEMENT_REFUSED: { status: 422, title: 'The statement is not one that a member has signed' },
  STATEMENT_NOT_YET: { status: 404, title: 'The alliance does not know yet what the statement is about' },
  STATEMENT_REUSED: { status: 409, title: 'Another statement was made under this identifier' },

  // Gate: sites, verifications, sessions, coupons, receipts
  SITE_UNKNOWN: { status: 404, title: 'This gate serves no such site' },
  LANE_UNKNOWN: { status: 404, title: 'The site has no such lane' },
  SITE_OUT_OF_SCOPE: { status: 403, title: 'The signed-in account is confined to another site' },
  SITE_MEMORY_UNAVAILABLE: { status: 503, title: 'The memory of the site does not answer; nothing was granted' },
  OFFER_UNKNOWN: { status: 404, title: 'The partner has no such offer' },
  VISIT_DAY_PAST: { status: 422, title: 'The day of the visit is past' },
  ORDER_REF_REUSED: { status: 409, title: 'The order reference has an open session with other content' },
  COUPON_UNKNOWN: { status: 404, title: 'There is no such coupon' },
  COUPON_USED: { status: 409, title: 'The coupon has been redeemed' },
  COUPON_OTHER_ORDER: { status: 409, title: 'The coupon is for another order' },
  COUPON_VOIDED: { status: 409, title: 'The coupon has been voided' },
  DECISION_NOT_ASKED: { status: 409, title: 'The verification leaves no decision to a clerk' },
  DECISION_MADE: { status: 409, title: 'The clerk has decided otherwise already' },
  VERIFICATION_DECLINED: { status: 409, title: 'The clerk has declined; there is nothing to take back' },
  VERIFICATION_VOIDED: { status: 409, title: 'The verification has been voided' },
  RECEIPT_DAMAGED: { status: 500, title: 'The kept receipt does not verify' },

  // Boot: shown to the operator, together with their detail
  CONFIG_INVALID: { status: 500, title: 'The configuration is not valid' },
  CONFIG_DOCUMENT_INVALID: { status: 500, title: 'A configuration document is not valid' },
  PORT_IN_USE: { status: 500, title: 'The port is in use' },
  DATABASE_UNREACHABLE: { status: 500, title: 'The database cannot be reached' },
  SAMPLE_KEYS_IN_PRODUCTION: { status: 500, title: 'Sample keys are refused in production' },
  STAFF_SAMPLE_ACCOUNTS_IN_PRODUCTION: { status: 500, title: 'Sample staff accounts are refused in production' },
  DATA_FOLDER_IN_USE: { status: 500, title: 'The data folder is in use by another process' },
  DATA_FOLDER_DAMAGED: { status: 500, title: 'The data folder is damaged' },
  DATA_FOLDER_UNREACHABLE: { status: 500, title: 'The data folder cannot be used' },
  POSTGRES_BINARIES_MISSING: { status: 500, title: 'There are no PostgreSQL programs to start' },
  POSTGRES_BINARIES_UNUSABLE: { status: 500, title: 'The PostgreSQL programs cannot be run' },
  POSTGRES_START_FAILED: { status: 500, title: 'PostgreSQL did not start' },
  POSTGRES_STOP_FAILED: { status: 500, title: 'PostgreSQL did not stop' },
  NATS_BINARY_MISSING: { status: 500, title: 'The nats-server named cannot be run' },
  NATS_START_FAILED: { status: 500, title: 'The nats-server did not start' },
  BUS_PORT_IN_USE: { status: 500, title: 'The port for messages of other services is in use' },
  KEYS_INVALID: { status: 500, title: 'The key file is not valid' },
} as const satisfies Readonly<Record<string, ErrorEntry>>;

export type ErrorCode = keyof typeof ERRORS;

/** Whether a string found in the wild is a code of our table. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERRORS, code);
}
