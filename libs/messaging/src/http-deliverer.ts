import {
  bodyOf,
  codeOf,
  type Deliverer,
  type DeliveryOutcome,
  outcomeOfReply,
  type OutboxMessage,
  safeCode,
} from './deliverer.js';
import { MessagingError } from './messaging-error.js';

export interface HttpDelivererOptions {
  readonly url: string;
  /** For the whole exchange. Default 10 000. */
  readonly timeoutMs?: number;
}

/** Statuses by which the receiver judges the message itself. Others (401, 404, 429, 503, …) may be mended without it. */
const FINAL_STATUSES: ReadonlySet<number> = new Set([400, 409, 413, 415, 422]);
const MAX_REPLY_BYTES = 65_536;

/** Delivers by POST of JSON, with the id also as `Idempotency-Key`; the answer is `{accepted, code?}`, or empty for accepted. */
export class HttpDeliverer implements Deliverer {
  readonly name = 'https';
  readonly #url: string;
  readonly #timeoutMs: number;

  constructor({ url, timeoutMs = 10_000 }: HttpDelivererOptions) {
    this.#url = url;
    this.#timeoutMs = timeoutMs;
  }

  /** @throws MessagingError `HTTP_UNREACHABLE`, `HTTP_TIMEOUT`, `REPLY_INVALID`, `HTTP_STATUS` with the code of the problem document */
  async deliver(message: OutboxMessage): Promise<DeliveryOutcome> {
    const { status, text } = await this.#post(message);
    if (FINAL_STATUSES.has(status)) return { rejected: safeCode(parseOrUndefined(text)) };
    if (status < 200 || status > 299)
      throw new MessagingError('HTTP_STATUS', { answer: codeOf(parseOrUndefined(text)) });
    return text === '' ? 'delivered' : outcomeOfReply(parseOrUndefined(text));
  }

  async #post(message: OutboxMessage): Promise<{ readonly status: number; readonly text: string }> {
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': message.id },
        body: JSON.stringify(bodyOf(message)),
        // A redirect would take the statement to an address that nobody configured.
        redirect: 'error',
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      return { status: response.status, text: await readBounded(response) };
    } catch (cause) {
      if (cause instanceof MessagingError) throw cause;
      const isTimeout = typeof cause === 'object' && cause !== null && 'name' in cause && cause.name === 'TimeoutError';
      throw new MessagingError(isTimeout ? 'HTTP_TIMEOUT' : 'HTTP_UNREACHABLE', { cause });
    }
  }
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | readonly [] = response.body ?? [];
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MAX_REPLY_BYTES) throw new MessagingError('REPLY_INVALID');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
