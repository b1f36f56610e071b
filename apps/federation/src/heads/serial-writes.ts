import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** Any constant will do, as long as every federation process on one database uses the same. */
const WRITE_LOCK = 0x78_71_66_31;

/**
 * Everything that changes what the alliance says happens one after the other, across all processes on one database: so two
 * of them never sign two heads of one (epoch, seq), and a round is adopted against exactly the documents it names.
 */
@Injectable()
export class SerialWrites {
  constructor(private readonly database: DataSource) {}

  /** Runs `work` in one transaction that holds the lock; commits when it resolves, undoes everything when it rejects. */
  run<Outcome>(work: (manager: EntityManager) => Promise<Outcome>): Promise<Outcome> {
    return this.database.transaction(async (manager) => {
      await manager.query("SET LOCAL lock_timeout = '10s'");
      await manager.query('SELECT pg_advisory_xact_lock($1)', [WRITE_LOCK]);
      return work(manager);
    });
  }
}
