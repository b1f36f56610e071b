/** Every way in which a message can fail to get through. */
export type MessagingErrorCode =
  /** No bus is configured, or it is not reachable now. */
  | 'BUS_UNAVAILABLE'
  | 'BUS_TIMEOUT'
  /** The bus works, but nobody serves this pattern. */
  | 'BUS_NO_RESPONDER'
  /** The handler at the other end failed. */
  | 'BUS_REQUEST_FAILED'
  | 'BUS_PORT_IN_USE'
  /** The answer is none that the pattern allows. */
  | 'REPLY_INVALID'
  | 'HTTP_UNREACHABLE'
  | 'HTTP_TIMEOUT'
  /** A status that says nothing about the message itself: 401, 404, 429, 503, … */
  | 'HTTP_STATUS'
  | 'OUTBOX_NEEDS_TRANSACTION';

export class MessagingError extends Error {
  override readonly name = 'MessagingError';
  /** The receiver's own code for the failure, where its answer gave one. */
  readonly answer: string | undefined;

  /** The message is the code: what failed is told by code, and nothing of the content reaches a log. */
  constructor(
    readonly code: MessagingErrorCode,
    options: { readonly cause?: unknown; readonly answer?: string | undefined } = {},
  ) {
    super(code, 'cause' in options ? { cause: options.cause } : undefined);
    this.answer = options.answer;
  }
}
