import type { Bus } from './bus.js';
import { bodyOf, type Deliverer, type DeliveryOutcome, outcomeOfReply, type OutboxMessage } from './deliverer.js';

export interface BusDelivererOptions {
  readonly pattern: string;
  /** Default 5000. */
  readonly timeoutMs?: number;
}

/** Delivers as a request over the bus; the receiver answers `{accepted, code?}`. */
export class BusDeliverer implements Deliverer {
  readonly name = 'bus';
  readonly #bus: Bus;
  readonly #pattern: string;
  readonly #timeoutMs: number;

  constructor(bus: Bus, { pattern, timeoutMs = 5_000 }: BusDelivererOptions) {
    this.#bus = bus;
    this.#pattern = pattern;
    this.#timeoutMs = timeoutMs;
  }

  /** @throws MessagingError as `Bus.request`, or `REPLY_INVALID` */
  async deliver(message: OutboxMessage): Promise<DeliveryOutcome> {
    return outcomeOfReply(await this.#bus.request(this.#pattern, bodyOf(message), this.#timeoutMs));
  }
}
