import { createHash } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { nodeCrypto } from '#libs/jose-profile/node';
import { Bus, STATUS_CHANGED } from '#libs/messaging';
import { Clock, ServiceLog } from '#libs/platform';
import { signStatusList } from '#libs/status-list';
import { COUNTY_CONFIG, type CountyConfig } from '../county.config.js';
import { CountyKeys } from '../county-keys.js';
import { StatusListEntity } from './status-list.entity.js';
import { StatusLists } from './status-lists.service.js';

/** `waiting`: the bits changed within the second in which the list was last signed. */
type Outcome = 'signed' | 'unchanged' | 'waiting';

/** Several revocations in one go are signed once. */
const DEBOUNCE_MS = 30;
const WAIT_MS = 100;

/**
 * Signs the status lists in use, the current one and each that an unexpired attestation names, anew: at once when its bits changed, else twice per `ttl`, so that whoever fetches it always gets one
 * younger than its `ttl` (design §4.3). `iat` only ever grows, and never runs ahead of the clock: a list from the future
 * would lift the time floor of gates, and one signed twice in a second would be two lists for one instant.
 */
@Injectable()
export class StatusListPublisher implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  /** When the timer is due, on the monotonic clock in milliseconds; infinite when none runs. */
  private dueAtMs = Infinity;
  private running: Promise<void> = Promise.resolve();
  private isClosed = false;

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly keys: CountyKeys,
    private readonly lists: StatusLists,
    private readonly bus: Bus,
    private readonly log: ServiceLog,
    @Inject(COUNTY_CONFIG) private readonly config: CountyConfig,
  ) {}

  /** A service that cannot sign its list does not start. */
  async onApplicationBootstrap(): Promise<void> {
    this.scheduleAfter(await this.publishDue());
  }

  async onModuleDestroy(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Says that bits may have changed; call it once the change is committed. */
  wake(): void {
    this.schedule(DEBOUNCE_MS);
  }

  /**
   * Signs each list in use that has changed or is half its `ttl` old, with one hint per list.
   * @returns `waiting` when any list still waits
   */
  async publishDue(): Promise<Outcome> {
    const outcomes = new Set<Outcome>();
    for (const list of await this.lists.inUse(this.clock.now())) {
      const { outcome, uri } = await this.database.transaction((manager) => this.signDue(manager, list));
      if (outcome === 'signed') this.bus.hint(STATUS_CHANGED, { uri });
      outcomes.add(outcome);
    }
    if (outcomes.has('waiting')) return 'waiting';
    return outcomes.has('signed') ? 'signed' : 'unchanged';
  }

  private get refreshMs(): number {
    return this.config.statusTtlSeconds * 500;
  }

  private async signDue(
    manager: EntityManager,
    list: number,
  ): Promise<{ readonly outcome: Outcome; readonly uri: string }> {
    const row = await manager.findOneOrFail(StatusListEntity, {
      where: { list },
      lock: { mode: 'for_no_key_update' },
    });
    const { uri, version, tokenIat } = row;
    const now = this.clock.now();
    const isChanged = version !== row.signedVersion;
    if (!isChanged && tokenIat !== null && now - tokenIat < this.config.statusTtlSeconds / 2)
      return { outcome: 'unchanged', uri };
    if (tokenIat !== null && now <= tokenIat) return { outcome: 'waiting', uri };
    const token = await signStatusList(
      {
        iss: this.config.id,
        uri,
        bits: { bits: 1, bytes: row.bits },
        iat: now,
        ttlSeconds: this.config.statusTtlSeconds,
      },
      this.keys.status,
      nodeCrypto,
    );
    const tokenDigest = createHash('sha256').update(token).digest('base64url');
    await manager.update(StatusListEntity, { list }, { token, tokenDigest, tokenIat: now, signedVersion: version });
    return { outcome: 'signed', uri };
  }

  private scheduleAfter(outcome: Outcome): void {
    this.schedule(outcome === 'waiting' ? WAIT_MS : this.refreshMs);
  }

  /** Brings the next round forward, never back: changes that keep coming must not put off the signature over the first. */
  private schedule(ms: number): void {
    const dueAtMs = performance.now() + ms;
    if (this.isClosed || this.dueAtMs <= dueAtMs) return;
    clearTimeout(this.timer);
    this.dueAtMs = dueAtMs;
    this.timer = setTimeout(() => {
      this.dueAtMs = Infinity;
      this.running = this.running.then(() => this.round());
    }, ms);
  }

  private async round(): Promise<void> {
    try {
      this.scheduleAfter(await this.publishDue());
    } catch (cause) {
      this.log.fault('status_list.not_signed', cause);
      this.schedule(this.refreshMs);
    }
  }
}
