import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { DataSource, EntityManager, EntitySubscriberInterface } from 'typeorm';
import type { Deliverer, DeliveryOutcome, OutboxMessage } from './deliverer.js';
import { MessagingError } from './messaging-error.js';
import { ENQUEUED } from './outbox.js';

export type RelayEvent =
  | { readonly event: 'rejected' | 'postponed'; readonly id: string; readonly kind: string; readonly code: string }
  /** The database did not answer; the relay goes on trying. */
  | { readonly event: 'round-failed' };

export interface RelayOptions {
  /** How often to look without being woken. Default 1000. */
  readonly pollMs?: number;
  /** Wait after the first failure; doubles with each one. Default 500. */
  readonly firstDelayMs?: number;
  /** Longest wait between two attempts. Default 60 000. */
  readonly longestDelayMs?: number;
  /** In [0, 1): spreads attempts, so that all counties do not come back at one instant. Default Math.random. */
  readonly random?: () => number;
  /** For the log. Carries no payload. */
  readonly report?: (event: RelayEvent) => void;
}

type PendingMessage = OutboxMessage & { readonly attempts: number };
type Attempt = DeliveryOutcome | { readonly postponed: string };

/** Only the oldest due message of a kind is ever taken, and while it is locked it keeps other relays from the whole kind. */
const TAKE_NEXT = `
  SELECT id, kind, payload, attempts FROM outbox_message AS message
  WHERE delivered_at IS NULL AND rejected_at IS NULL AND next_attempt_at <= now()
    AND NOT EXISTS (
      SELECT FROM outbox_message AS earlier
      WHERE earlier.kind = message.kind AND earlier.seq < message.seq
        AND earlier.delivered_at IS NULL AND earlier.rejected_at IS NULL AND earlier.next_attempt_at <= now())
  ORDER BY seq LIMIT 1
  FOR UPDATE SKIP LOCKED`;

/**
 * Delivers what is in the outbox, at least once: each message is tried over every deliverer in turn, then again after a
 * growing pause; one that is refused for good is recorded. Messages of a kind are tried in order as they are due, and one
 * that has to wait makes way for the next: a statement about something the receiver does not know yet must not hold up the
 * very one that tells it. So the receiver takes each message in any order and more than once, and answers "not yet"
 * where it lacks something. Several relays may work on one database. As a Nest provider it starts and stops with the app.
 *
 * The row stays locked while it is being delivered, so deliverers must have timeouts. A process that dies after sending
 * and before the commit leaves the message pending: it is sent again under the same id.
 */
export class OutboxRelay implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #dataSource: DataSource;
  readonly #deliverers: readonly Deliverer[];
  readonly #options: Required<RelayOptions>;
  readonly #subscriber: EntitySubscriberInterface;
  #running: Promise<void> | undefined;
  #isStopping = false;
  #wakeRequested = false;
  #endPause: (() => void) | undefined;

  constructor(dataSource: DataSource, deliverers: readonly Deliverer[], options: RelayOptions = {}) {
    this.#dataSource = dataSource;
    this.#deliverers = deliverers;
    this.#options = {
      pollMs: 1_000,
      firstDelayMs: 500,
      longestDelayMs: 60_000,
      random: Math.random,
      report: () => undefined,
      ...options,
    };
    this.#subscriber = {
      afterTransactionCommit: ({ queryRunner }) => {
        if (queryRunner.data[ENQUEUED] === true) this.wake();
      },
    };
  }

  /** Begins to deliver. A relay runs once. */
  start(): void {
    if (this.#running !== undefined) return;
    this.#dataSource.subscribers.push(this.#subscriber);
    this.#running = this.#run();
  }

  /** Looks for due messages now. A commit in this process that enqueued something does this by itself. */
  wake(): void {
    this.#wakeRequested = true;
    this.#endPause?.();
  }

  /** Resolves once the delivery under way is finished and recorded. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const { subscribers } = this.#dataSource;
    const index = subscribers.indexOf(this.#subscriber);
    if (index >= 0) subscribers.splice(index, 1);
    this.wake();
    await this.#running;
  }

  onApplicationBootstrap(): void {
    this.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.stop();
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      this.#wakeRequested = false;
      try {
        while (!this.#isStopping && (await this.#deliverNext()));
      } catch {
        this.#options.report({ event: 'round-failed' });
      }
      await this.#pause();
    }
  }

  #pause(): Promise<void> {
    if (this.#wakeRequested) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#endPause = undefined;
        resolve();
      };
      const timer = setTimeout(end, this.#options.pollMs);
      this.#endPause = end;
    });
  }

  /** Resolves to false when nothing is due. */
  #deliverNext(): Promise<boolean> {
    return this.#dataSource.transaction(async (manager) => {
      const [message] = await manager.query<readonly PendingMessage[]>(TAKE_NEXT);
      if (message === undefined) return false;
      await this.#record(manager, message, await this.#attempt(message));
      return true;
    });
  }

  async #attempt({ id, kind, payload }: PendingMessage): Promise<Attempt> {
    let postponed = 'NO_DELIVERER';
    for (const deliverer of this.#deliverers) {
      try {
        return await deliverer.deliver({ id, kind, payload });
      } catch (error) {
        postponed = error instanceof MessagingError ? (error.answer ?? error.code) : 'DELIVERY_FAILED';
      }
    }
    return { postponed };
  }

  async #record(manager: EntityManager, { id, kind, attempts }: PendingMessage, attempt: Attempt): Promise<void> {
    if (attempt === 'delivered') {
      await manager.query(
        `UPDATE outbox_message
         SET delivered_at = clock_timestamp(), attempts = attempts + 1, last_error_code = NULL WHERE id = $1`,
        [id],
      );
    } else if ('rejected' in attempt) {
      await manager.query(
        `UPDATE outbox_message
         SET rejected_at = clock_timestamp(), attempts = attempts + 1, last_error_code = $2 WHERE id = $1`,
        [id, attempt.rejected],
      );
      this.#options.report({ event: 'rejected', id, kind, code: attempt.rejected });
    } else {
      await manager.query(
        `UPDATE outbox_message
         SET next_attempt_at = clock_timestamp() + $3 * interval '1 millisecond', attempts = attempts + 1, last_error_code = $2
         WHERE id = $1`,
        [id, attempt.postponed, this.#delayAfter(attempts)],
      );
      this.#options.report({ event: 'postponed', id, kind, code: attempt.postponed });
    }
  }

  /** Doubles from the first delay up to the longest, less up to a fifth. */
  #delayAfter(failures: number): number {
    const { firstDelayMs, longestDelayMs, random } = this.#options;
    return Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures, 30)) * (1 - random() / 5);
  }
}
