import { setTimeout as delay } from 'node:timers/promises';
import type { OnModuleDestroy } from '@nestjs/common';
import { ClientNats, ClientTCP } from '@nestjs/microservices';
import { firstValueFrom, timeout, TimeoutError } from 'rxjs';
import { type BusOptions, MAX_TCP_MESSAGE, natsConnection } from './bus-options.js';
import { MessagingError, type MessagingErrorCode } from './messaging-error.js';

/** While the bus is down an attempt fails at once; without a pause a caller that tries again would starve the event loop. */
const OUTAGE_PAUSE_MS = 100;

/** The sending side of the bus. It connects at first use and again after every outage. */
export class Bus implements OnModuleDestroy {
  readonly #client: ClientNats | ClientTCP | undefined;
  readonly #carriesHints: boolean;

  /** @param options undefined: there is no bus; requests fail with `BUS_UNAVAILABLE`, hints go nowhere */
  constructor(options: BusOptions | undefined) {
    this.#client = options && clientFor(options);
    this.#carriesHints = options?.kind === 'nats';
  }

  /**
   * Asks whoever serves `pattern` and resolves to the answer, no more trusted than other input. `data` is JSON.
   * @throws MessagingError `BUS_UNAVAILABLE`, `BUS_TIMEOUT`, `BUS_NO_RESPONDER`, `BUS_REQUEST_FAILED`; whether the request was
   *   carried out is unknown in every case
   */
  async request(pattern: string, data: object, timeoutMs: number): Promise<unknown> {
    if (this.#client === undefined) throw new MessagingError('BUS_UNAVAILABLE');
    try {
      return await firstValueFrom(this.#client.send<unknown, object>(pattern, data).pipe(timeout(timeoutMs)));
    } catch (cause) {
      const code = codeOf(cause);
      if (code === 'BUS_UNAVAILABLE') await delay(Math.min(OUTAGE_PAUSE_MS, timeoutMs));
      throw new MessagingError(code, { cause });
    }
  }

  /** Tells every instance that subscribes to `pattern`, if it can; never waits, never fails. Does nothing over TCP. */
  hint(pattern: string, data: object): void {
    if (this.#client === undefined || !this.#carriesHints) return;
    this.#client.emit(pattern, data).subscribe({ error: () => undefined });
  }

  /** Ends the connection; requests under way fail. */
  async close(): Promise<void> {
    await this.#client?.close();
  }

  onModuleDestroy(): Promise<void> {
    return this.close();
  }
}

function clientFor(options: BusOptions): ClientNats | ClientTCP {
  return options.kind === 'nats'
    ? new ClientNats(natsConnection(options.url, 'xinqiao'))
    : new ClientTCP({ host: options.host, port: options.port, maxBufferSize: MAX_TCP_MESSAGE });
}

/** What the transports reject with: `undefined` or a sentence in an outage, exceptions of their own, packets of the server. */
function codeOf(cause: unknown): MessagingErrorCode {
  if (cause instanceof TimeoutError) return 'BUS_TIMEOUT';
  if (typeof cause !== 'object' || cause === null)
    return isMissingHandler(cause) ? 'BUS_NO_RESPONDER' : 'BUS_UNAVAILABLE';
  // The class is not exported.
  if (cause.constructor.name === 'EmptyResponseException') return 'BUS_NO_RESPONDER';
  if ('status' in cause && cause.status === 'error') return 'BUS_REQUEST_FAILED';
  return 'BUS_UNAVAILABLE';
}

/** Over TCP the server itself answers, with this sentence, when it has no handler. */
function isMissingHandler(cause: unknown): boolean {
  return typeof cause === 'string' && cause.startsWith('There is no matching message handler');
}
