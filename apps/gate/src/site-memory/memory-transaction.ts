import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { GatewayError } from '#libs/platform';

/** How long a statement may wait or run, and how long the lane waits for the whole. */
const STATEMENT_MS = 2_000;
const WHOLE_MS = 4_000;
/** A commit under way when that time is over decides the answer, if it ends within this time more. */
const COMMIT_MS = 2_000;

/**
 * One transaction on the memory that all lanes share. A visitor is decided inside it or not at all: when the database is
 * jammed or gone the answer is a coded 503, never a verdict, and what was begun is rolled back.
 */
@Injectable()
export class MemoryTransaction {
  constructor(private readonly database: DataSource) {}

  /** @throws GatewayError SITE_MEMORY_UNAVAILABLE; what `work` throws as a GatewayError passes through */
  async run<Answer>(work: (manager: EntityManager) => Promise<Answer>): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    let stage: 'working' | 'committing' | 'given up' = 'working';
    const late = new Promise<never>((_, reject) => {
      const giveUp = (): void => reject(tooLate());
      timer = setTimeout(() => {
        if (stage === 'committing') {
          timer = setTimeout(giveUp, COMMIT_MS);
          return;
        }
        stage = 'given up';
        giveUp();
      }, WHOLE_MS);
    });
    const goOn = (): void => {
      if (stage === 'given up') throw tooLate();
    };
    const transaction = this.database.transaction(async (manager) => {
      goOn();
      await manager.query(`SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $1, true)`, [
        String(STATEMENT_MS),
      ]);
      const answer = await work(manager);
      // Nobody is told any more what this came to, so it must not have happened.
      goOn();
      stage = 'committing';
      return answer;
    });
    // When nobody waits any more, how the transaction is rolled back concerns nobody.
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

function tooLate(): GatewayError {
  return new GatewayError('SITE_MEMORY_UNAVAILABLE', { detail: 'no answer in time' });
}
