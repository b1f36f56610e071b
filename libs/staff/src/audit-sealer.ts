import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock, ServiceLog } from '#libs/platform';
import { AuditSealEntity } from './audit-seal.entity.js';
import { sealDigest, unsealedRecords } from './audit-seal.js';

/** Any constant of our own; advisory locks are per database. */
const SEAL_LOCK = 0x73_65_61_6c;
const BATCH = 5_000;
const PAUSE_MS = 5_000;

/**
 * Seals audit records every few seconds, and when the service stops. Nobody who writes a record waits for it, nor it for
 * them: a record that is committed late simply falls into a later batch. Of several processes on one database one seals at
 * a time.
 */
@Injectable()
export class AuditSealer implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private isClosed = false;

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule(0);
  }

  onModuleDestroy(): Promise<void> {
    return this.stop();
  }

  /** Seals once more, then no more by itself. What is written after that, another process seals, or the next start. */
  async stop(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.running;
    await this.round();
  }

  /** Seals what is committed now, in as many batches as it takes. @returns how many records; 0 too while another process seals */
  async sealDue(): Promise<number> {
    let sealed = 0;
    for (let count = BATCH; count === BATCH; sealed += count)
      count = await this.database.transaction((manager) => this.sealBatch(manager));
    return sealed;
  }

  private async sealBatch(manager: EntityManager): Promise<number> {
    const [lock] = await manager.query<readonly { readonly taken: boolean }[]>(
      'SELECT pg_try_advisory_xact_lock($1) AS taken',
      [SEAL_LOCK],
    );
    if (lock?.taken !== true) return 0;
    const records = await unsealedRecords(manager, BATCH);
    if (records.length === 0) return 0;
    const [last] = await manager.find(AuditSealEntity, { order: { seq: 'DESC' }, take: 1 });
    const prev = last?.digest ?? null;
    const head = { seq: (last?.seq ?? 0) + 1, prev, count: records.length, sealedAt: this.clock.now() };
    await manager.insert(AuditSealEntity, { ...head, digest: sealDigest(head, records) });
    const ids = records.map(({ id }) => id);
    await manager.query('UPDATE audit_record SET seal = $1 WHERE id = ANY ($2::bigint[])', [head.seq, ids]);
    return records.length;
  }

  private schedule(afterMs: number): void {
    if (this.isClosed) return;
    this.timer = setTimeout(() => {
      this.running = this.round().then(() => this.schedule(PAUSE_MS));
    }, afterMs);
  }

  private async round(): Promise<void> {
    try {
      await this.sealDue();
    } catch (cause) {
      this.log.fault('audit.not_sealed', cause);
    }
  }
}
