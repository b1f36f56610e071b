/*
 * The subjects of the bus. Packets are JSON, and signed payloads travel in them as strings, so that signed bytes are never
 * serialised again. A hint says that something may be worth fetching; it is never believed.
 */

/** Request: a county hands a signed statement to the federation. Idempotent by `id`. */
export const STATEMENT_SUBMIT = 'xinqiao.v1.statement.submit';
/** Hint: the federation has a new head. */
export const HEAD_PUBLISHED = 'xinqiao.v1.head.published';
/** Hint: a county has signed a new status list. */
export const STATUS_CHANGED = 'xinqiao.v1.status.changed';

export interface StatementSubmitRequest {
  /** Idempotency key: the same id is the same statement. */
  readonly id: string;
  /** Compact JWS. */
  readonly jws: string;
}

/** `accepted: false` is final; what may succeed later is an error instead. */
export interface StatementSubmitReply {
  readonly accepted: boolean;
  readonly code?: string;
  readonly digest?: string;
}

export interface HeadPublishedHint {
  readonly epoch: number;
  readonly seq: number;
}

export interface StatusChangedHint {
  readonly uri: string;
}
