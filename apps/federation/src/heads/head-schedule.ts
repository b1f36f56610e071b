import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock, GatewayError, ServiceLog } from '#libs/platform';
import { FEDERATION_CONFIG, type FederationConfig } from '../federation.config.js';
import { HeadPublisher } from './head-publisher.js';
import { PublishedHeads } from './published-heads.js';

const MIN_TICK_MS = 100;
const MAX_TICK_MS = 30_000;

/** Dates the head anew as soon as it is `headIntervalSeconds` old. Several processes on one database sign one head, not two. */
@Injectable()
export class HeadSchedule implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(
    private readonly clock: Clock,
    private readonly published: PublishedHeads,
    private readonly publisher: HeadPublisher,
    private readonly log: ServiceLog,
    @Inject(FEDERATION_CONFIG) private readonly config: Pick<FederationConfig, 'headIntervalSeconds'>,
  ) {}

  onApplicationBootstrap(): void {
    this.turn();
  }

  /** Waits for a head that is being signed. */
  async onModuleDestroy(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Signs a head if the last one is old enough; resolves to whether it did. */
  async publishIfDue(): Promise<boolean> {
    if (!this.isDue((await this.published.latest())?.iat)) return false;
    return this.publisher.publish(async (manager) => {
      // Asked again under the lock: another process may have been quicker.
      const isDue = this.isDue((await this.published.latest(manager))?.iat);
      return { outcome: isDue, cause: isDue ? 'schedule' : undefined };
    });
  }

  private isDue(iat: number | undefined): boolean {
    return iat !== undefined && this.clock.now() - iat >= this.config.headIntervalSeconds;
  }

  private turn(): void {
    this.running = this.publishIfDue()
      .then(() => undefined)
      .catch((error: unknown) => this.report(error))
      .finally(() => {
        if (this.isStopped) return;
        const tick = Math.min(MAX_TICK_MS, Math.max(MIN_TICK_MS, this.config.headIntervalSeconds * 250));
        this.timer = setTimeout(() => this.turn(), tick);
      });
  }

  /** The old head goes on being served, and ages into `stale` at the gates by itself. */
  private report(error: unknown): void {
    if (error instanceof GatewayError) this.log.warn('head.not_published', { code: error.code });
    else this.log.fault('head.not_published', error);
  }
}
