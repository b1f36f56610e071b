import { type MessageHandler, ServerNats } from '@nestjs/microservices';
import type { NatsConnection } from './bus-options.js';

const RETRY_MS = 500;
/** After the subscriptions are ended, requests that have arrived get this long to be answered. */
const GRACE_MS = 250;

/**
 * Nest's NATS server with two differences. Only requests join the service's queue group (one instance answers), while
 * hints reach every instance. And a bus that is down when the app starts is no reason not to start: it is tried again.
 */
export class NatsBusServer extends ServerNats {
  readonly #queueGroup: string;
  #isClosed = false;
  #retry: NodeJS.Timeout | undefined;
  #attempt: Promise<void> = Promise.resolve();

  constructor(connection: NatsConnection, queueGroup: string) {
    super({ ...connection, gracefulShutdown: true, gracePeriod: GRACE_MS });
    this.#queueGroup = queueGroup;
  }

  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler = false,
    extras: Readonly<Record<string, unknown>> = {},
  ): void {
    super.addHandler(
      pattern,
      callback,
      isEventHandler,
      isEventHandler ? { ...extras } : { ...extras, queue: this.#queueGroup },
    );
  }

  /** Calls back after the first attempt to connect, whatever came of it. */
  override async listen(callback: () => void): Promise<void> {
    this.#attempt = this.#connect();
    await this.#attempt;
    callback();
  }

  override async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    await this.#attempt;
    await super.close();
  }

  async #connect(): Promise<void> {
    await super.listen((error) => {
      if (error === undefined || this.#isClosed) return;
      this.logger.warn('The bus is not reachable; trying again.');
      this.#retry = setTimeout(() => {
        this.#attempt = this.#connect();
      }, RETRY_MS);
    });
  }
}
