import { type EntityManager, IsNull, Not } from 'typeorm';
import type { OutboxMessage } from './deliverer.js';
import { MessagingError } from './messaging-error.js';
import { OutboxMessageEntity } from './outbox-message.entity.js';

/** Marks a transaction that has put something into the outbox, so that its commit wakes the relay. */
export const ENQUEUED = 'xinqiaoOutboxEnqueued';

export interface Backlog {
  readonly pending: number;
  readonly rejected: number;
  /** When the oldest message that is still pending was enqueued. */
  readonly oldestPendingAt: Date | null;
}

/** How far one message has come. Carries no payload. */
export interface MessageState {
  readonly id: string;
  readonly kind: string;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly deliveredAt: Date | null;
  readonly rejectedAt: Date | null;
  /** Of the last failure, or the receiver's refusal. */
  readonly code: string | null;
}

export interface RejectedMessage {
  readonly id: string;
  readonly kind: string;
  readonly code: string | null;
  readonly rejectedAt: Date | null;
}

/** The transactional outbox: a message exists exactly when the data of its transaction does. */
export class Outbox {
  /**
   * Puts a message into the outbox inside the caller's transaction. Messages of one kind are tried in the order of this
   * call; one that is postponed lets later ones pass, and transactions that overlap have no order.
   * @returns false when a message with this id exists already; it stays as it was
   * @throws MessagingError `OUTBOX_NEEDS_TRANSACTION`
   */
  async enqueue(manager: EntityManager, { id, kind, payload }: OutboxMessage): Promise<boolean> {
    const runner = manager.queryRunner;
    if (runner?.isTransactionActive !== true) throw new MessagingError('OUTBOX_NEEDS_TRANSACTION');
    const inserted: unknown = await manager.query(
      'INSERT INTO outbox_message (id, kind, payload) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING RETURNING id',
      [id, kind, JSON.stringify(payload)],
    );
    runner.data[ENQUEUED] = true;
    return Array.isArray(inserted) && inserted.length > 0;
  }

  /**
   * Offers a message that was refused once more, as it was: what the receiver lacked may be there now.
   * @returns false when there is no refused message with this id
   * @throws MessagingError `OUTBOX_NEEDS_TRANSACTION`
   */
  async reopen(manager: EntityManager, id: string): Promise<boolean> {
    const runner = manager.queryRunner;
    if (runner?.isTransactionActive !== true) throw new MessagingError('OUTBOX_NEEDS_TRANSACTION');
    const isRefused = { id, rejectedAt: Not(IsNull()) };
    const { affected } = await manager.update(OutboxMessageEntity, isRefused, {
      rejectedAt: null,
      nextAttemptAt: () => 'now()',
    });
    runner.data[ENQUEUED] = true;
    return affected === 1;
  }

  /** The latest messages, whatever became of them. */
  async latest(manager: EntityManager, limit = 100): Promise<readonly MessageState[]> {
    const found = await manager.getRepository(OutboxMessageEntity).find({ order: { seq: 'DESC' }, take: limit });
    return found.map(({ id, kind, attempts, createdAt, deliveredAt, rejectedAt, lastErrorCode: code }) => {
      return { id, kind, attempts, createdAt, deliveredAt, rejectedAt, code };
    });
  }

  /** What waits and what was refused, for health checks and operators. */
  async backlog(manager: EntityManager): Promise<Backlog> {
    const messages = manager.getRepository(OutboxMessageEntity);
    const isPending = { deliveredAt: IsNull(), rejectedAt: IsNull() };
    const [pending, rejected, oldest] = await Promise.all([
      messages.countBy(isPending),
      messages.countBy({ rejectedAt: Not(IsNull()) }),
      messages.findOne({ where: isPending, order: { seq: 'ASC' } }),
    ]);
    return { pending, rejected, oldestPendingAt: oldest?.createdAt ?? null };
  }

  /** The latest messages that the receiver refused for good. */
  async rejected(manager: EntityManager, limit = 100): Promise<readonly RejectedMessage[]> {
    const found = await manager
      .getRepository(OutboxMessageEntity)
      .find({ where: { rejectedAt: Not(IsNull()) }, order: { seq: 'DESC' }, take: limit });
    return found.map(({ id, kind, lastErrorCode, rejectedAt }) => ({ id, kind, code: lastErrorCode, rejectedAt }));
  }
}
