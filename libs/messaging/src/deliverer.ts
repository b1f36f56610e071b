import { MessagingError } from './messaging-error.js';

/** JSON. Signed payloads stand in it as strings. */
export type MessagePayload = Readonly<Record<string, unknown>>;

export interface OutboxMessage {
  /** Idempotency key. */
  readonly id: string;
  readonly kind: string;
  readonly payload: MessagePayload;
}

/** `rejected`: the receiver has understood the message and will never take it. */
export type DeliveryOutcome = 'delivered' | { readonly rejected: string };

/** One way to the receiver. It throws when the message may get through later or another way. */
export interface Deliverer {
  readonly name: string;
  deliver(message: OutboxMessage): Promise<DeliveryOutcome>;
}

/** What is sent, the same over every way: the payload and the idempotency key. */
export function bodyOf({ id, payload }: OutboxMessage): MessagePayload {
  return { ...payload, id };
}

/**
 * Reads a receiver's answer `{accepted: boolean, code?: string}`.
 * @throws MessagingError `REPLY_INVALID` for anything else: not understood is not delivered
 */
export function outcomeOfReply(reply: unknown): DeliveryOutcome {
  if (typeof reply !== 'object' || reply === null || !('accepted' in reply) || typeof reply.accepted !== 'boolean')
    throw new MessagingError('REPLY_INVALID');
  return reply.accepted ? 'delivered' : { rejected: safeCode(reply) };
}

/** The receiver's code if it is one; a foreign sentence is not let into our table and log. */
export function safeCode(reply: unknown): string {
  return codeOf(reply) ?? 'REJECTED';
}

/** The same, where an answer without a code of its own says nothing. */
export function codeOf(reply: unknown): string | undefined {
  const code = typeof reply === 'object' && reply !== null && 'code' in reply ? reply.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,63}$/.test(code) ? code : undefined;
}
