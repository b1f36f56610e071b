import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { GatewayError } from '#libs/platform';

/** How long a statement may wait or run, and how long the lane waits for the whole. */
const STATEMENT_MS = 2_000;
const WHOLE_MS = 4_000;

/**
 * One transaction on the memory that all lanes share. A visitor is decided inside it or not at all: when the database is
 * jammed or gone the answer is a coded 503, never a verdict.
 */
@Injectable()
export class MemoryTransaction {
  constructor(private readonly database: DataSource) {}

  /** @throws GatewayError SITE_MEMORY_UNAVAILABLE; what `work` throws as a GatewayError passes through */
  async run<Answer>(work: (manager: EntityManager) => Promise<Answer>): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new GatewayError('SITE_MEMORY_UNAVAILABLE', { detail: 'no answer in time' })),
        WHOLE_MS,
      );
    });
    const transaction = this.database.transaction(async (manager) => {
      await manager.query(`SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $1, true)`, [
        String(STATEMENT_MS),
      ]);
      return work(manager);
    });
    // When the lane has stopped waiting, how the transaction ends concerns nobody; a repeat of the same code finds it.
    transaction.catch(() => undefined);
    try {
      return await Promise.race([transaction, late]);
    } catch (cause) {
      throw cause instanceof GatewayError ? cause : new GatewayError('SITE_MEMORY_UNAVAILABLE', { cause });
    } finally {
      clearTimeout(timer);
    }
  }
}
