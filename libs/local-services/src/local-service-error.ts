/** Every way in which a server on this machine can fail to start. The message is for the operator; nothing secret is in it. */
export type LocalServiceErrorCode =
  | 'DATA_FOLDER_IN_USE'
  | 'DATA_FOLDER_DAMAGED'
  | 'DATA_FOLDER_UNREACHABLE'
  | 'POSTGRES_BINARIES_MISSING'
  | 'POSTGRES_BINARIES_UNUSABLE'
  | 'POSTGRES_START_FAILED'
  | 'POSTGRES_STOP_FAILED'
  | 'PORT_IN_USE'
  | 'NATS_BINARY_MISSING'
  | 'NATS_START_FAILED';

export class LocalServiceError extends Error {
  override readonly name = 'LocalServiceError';

  constructor(
    readonly code: LocalServiceErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
