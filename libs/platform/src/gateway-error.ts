import { ERRORS, type ErrorCode } from './error-codes.js';

/** One faulty input: where (JSON Pointer, RFC 6901) and what is wrong with it, never the value itself. */
export interface FieldFault {
  readonly path: string;
  readonly message: string;
}

export interface GatewayErrorOptions {
  readonly cause?: unknown;
  /** For the operator only: goes to the log and, while booting, to stderr. No personal data, no key, no token. */
  readonly detail?: string;
  /** Shown to the client. */
  readonly fields?: readonly FieldFault[];
}

/** A broken promise with a code of the table. A client sees code, title and fields; `message` is for the operator. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly fields: readonly FieldFault[] | undefined;

  constructor(code: ErrorCode, options: GatewayErrorOptions = {}) {
    const { title } = ERRORS[code];
    super(options.detail === undefined ? title : `${title}: ${options.detail}`, { cause: options.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.detail = options.detail;
    this.fields = options.fields;
  }
}
