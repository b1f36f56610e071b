import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AllianceTrust } from '#libs/alliance';
import { Clock, ServiceLog } from '#libs/platform';
import { orderStatusLists, type VerifiedStatusList } from '#libs/status-list';
import { CLOCK_SKEW_SECONDS, type StatusLists } from '#libs/verifier';
import { fetchBounded } from '../fetching/fetch-bounded.js';
import { Repeater } from '../fetching/repeater.js';
import { GATE_CONFIG, type GateConfig } from '../gate.config.js';
import { TimeFloor } from '../trust/time-floor.js';
import { TrustKeeper } from '../trust/trust-keeper.js';
import { FetchRoom } from './fetch-room.js';
import { HeldStatusListEntity } from './held-status-list.entity.js';
import { isStatusKeyOf, listedLists, readStatusList, type ListSource, type ReadList } from './read-status-list.js';

const TICK_MS = 250;
const RETRY_SECONDS = 5;
const TIMEOUT_MS = 10_000;
const MAX_BYTES = 512 * 1024;
/**
 * Holds every member's status lists: fetched on their own `ttl` and on hints, never because of a presentation; kept across
 * restarts; a lower `iat` for a uri refused. What cannot be fetched leaves the old list, which ages into `stale` by itself.
 */
@Injectable()
export class StatusListKeeper implements StatusLists, OnApplicationBootstrap, OnModuleDestroy {
  private readonly held = new Map<string, ReadList>();
  /** When to fetch a uri next, by the process's monotonic clock (milliseconds). */
  private readonly dueAt = new Map<string, number>();
  private readonly faults = new Map<string, string>();
  /** Renewals under way, by uri. None waits for another: a county that does not answer delays nobody else's list. */
  private readonly underWay = new Map<string, ListSource & { readonly renewal: Promise<void> }>();
  /** Lists a hint came for: these start at once, over the limit of the whole. */
  private readonly hinted = new Set<string>();
  private listed: ReadonlyMap<string, ListSource> = new Map();
  private readonly aborted = new AbortController();
  private readonly repeater = new Repeater(
    () => this.refresh(),
    TICK_MS,
    (error) => this.log.fault('status_lists.refresh_failed', error),
  );

  constructor(
    @Inject(GATE_CONFIG) private readonly config: GateConfig,
    private readonly database: DataSource,
    private readonly trust: TrustKeeper,
    private readonly floor: TimeFloor,
    private readonly clock: Clock,
    private readonly log: ServiceLog,
  ) {
    trust.onChange((next) => this.follow(next));
  }

  /** The list of a uri, from memory. */
  get(uri: string): VerifiedStatusList | undefined {
    return this.held.get(uri)?.list;
  }

  counts(): { readonly listed: number; readonly held: number } {
    return { listed: this.listed.size, held: this.held.size };
  }

  /** Takes up the lists that were kept, as far as the trust still vouches for them. */
  async load(): Promise<void> {
    const trust = this.trust.current();
    if (trust === undefined) return;
    this.listed = listedLists(trust);
    for (const { uri, token } of await this.database.manager.find(HeldStatusListEntity)) {
      const source = this.listed.get(uri);
      const read = source && (await readStatusList(token, uri, source.member, trust));
      if (read?.ok) this.held.set(uri, read.value);
    }
  }

  onApplicationBootstrap(): void {
    this.repeater.start();
  }

  /** A hint came that the list of a uri may have changed. */
  wake(uri: string): void {
    if (!this.listed.has(uri)) return;
    this.hinted.add(uri);
    this.repeater.wake();
  }

  async onModuleDestroy(): Promise<void> {
    this.aborted.abort();
    await this.repeater.stop();
    await Promise.all([...this.underWay.values()].map(({ renewal }) => renewal));
  }

  /** A list falls with its key, its member or its place in the member's document, before the new trust decides anything. */
  private follow(trust: AllianceTrust): void {
    this.listed = listedLists(trust);
    for (const [uri, { kid }] of this.held) {
      const source = this.listed.get(uri);
      if (source === undefined || !isStatusKeyOf(trust.key(kid), source.member)) this.held.delete(uri);
    }
    for (const uri of this.dueAt.keys()) if (!this.held.has(uri)) this.dueAt.delete(uri);
    for (const uri of this.hinted) if (!this.listed.has(uri)) this.hinted.delete(uri);
  }

  /** Starts what is due, hinted ones first, then whatever waits longest. */
  private refresh(): Promise<void> {
    const now = performance.now();
    const room = new FetchRoom(this.underWay.values());
    const due: { readonly uri: string; readonly source: ListSource; readonly dueAt: number }[] = [];
    for (const [uri, source] of this.listed) {
      const isHinted = this.hinted.has(uri);
      const dueAt = isHinted ? -1 : (this.dueAt.get(uri) ?? 0);
      // What finds no room now finds none after others: it need not be sorted.
      if (dueAt > now || this.underWay.has(uri) || !room.hasRoomFor(source, isHinted)) continue;
      due.push({ uri, source, dueAt });
    }
    for (const { uri, source } of due.toSorted((one, other) => one.dueAt - other.dueAt)) {
      if (!room.hasRoomFor(source, this.hinted.has(uri))) continue;
      room.take(source);
      this.start(uri, source);
    }
    return Promise.resolve();
  }

  private start(uri: string, source: ListSource): void {
    this.hinted.delete(uri);
    const renewal = this.renew(uri, source.member)
      .catch((error: unknown) => {
        this.dueAt.set(uri, performance.now() + RETRY_SECONDS * 1_000);
        this.log.fault('status_lists.refresh_failed', error);
      })
      .finally(() => this.underWay.delete(uri));
    this.underWay.set(uri, { ...source, renewal });
  }

  private async renew(uri: string, member: string): Promise<void> {
    const fault = await this.take(uri, member);
    const { statusPollSeconds } = this.config;
    const ttl = fault === undefined ? this.get(uri)?.ttl : undefined;
    const seconds = Math.min(ttl ?? RETRY_SECONDS, statusPollSeconds ?? Infinity);
    this.dueAt.set(uri, performance.now() + seconds * 1_000);
    // An outage is worth a line when it begins, not at every turn.
    if (fault !== undefined && this.faults.get(uri) !== fault)
      this.log.warn('status_list.not_renewed', { uri, code: fault });
    if (fault === undefined) this.faults.delete(uri);
    else this.faults.set(uri, fault);
  }

  /** @returns why the list was not renewed */
  private async take(uri: string, member: string): Promise<string | undefined> {
    const fetched = await fetchBounded(this.addressOf(uri), {
      maxBytes: MAX_BYTES,
      timeoutMs: TIMEOUT_MS,
      signal: this.aborted.signal,
    });
    if (fetched.kind !== 'ok') return fetched.kind === 'failed' ? fetched.code : undefined;
    const trust = this.trust.current();
    if (trust === undefined || this.listed.get(uri)?.member !== member) return 'STATUS_LIST_NOT_LISTED';
    const token = Buffer.from(fetched.bytes).toString('latin1').trim();
    const read = await readStatusList(token, uri, member, trust);
    if (!read.ok) return read.fault;
    const { list, kid } = read.value;
    // The floor stops the whole gate, and is no measure here: one county's key must not raise it step by step.
    const latest = Math.max(this.clock.now(), trust.headIat) + CLOCK_SKEW_SECONDS;
    if (list.iat > latest) return 'STATUS_LIST_AHEAD_OF_CLOCK';
    const before = this.held.get(uri);
    const order = before === undefined ? 'newer' : orderStatusLists(list, before.list);
    if (order === 'same') return undefined;
    if (order !== 'newer') return order === 'older' ? 'STATUS_LIST_OLDER' : 'STATUS_LIST_CONFLICTING';
    if (!(await this.keep({ uri, kid, iat: list.iat, token }, trust))) return 'STATUS_LIST_OLDER';
    // A new head may have felled the key meanwhile.
    if (!isStatusKeyOf(this.trust.current()?.key(kid), member)) return 'STATUS_KEY_UNKNOWN';
    this.held.set(uri, read.value);
    return undefined;
  }

  /**
   * Keeps a list unless a later one of this uri is kept; one whose key has fallen since orders nothing any more.
   * @returns whether it is kept now
   */
  private async keep(row: HeldStatusListEntity, trust: AllianceTrust): Promise<boolean> {
    const member = this.listed.get(row.uri)?.member ?? '';
    const isKept = await this.database.transaction(async (manager) => {
      const before = await manager.findOne(HeldStatusListEntity, {
        where: { uri: row.uri },
        lock: { mode: 'pessimistic_write' },
      });
      if (before !== null && before.iat > row.iat && isStatusKeyOf(trust.key(before.kid), member)) return false;
      await manager.upsert(HeldStatusListEntity, row, ['uri']);
      await this.floor.keep(manager, row.iat);
      return true;
    });
    if (isKept) this.floor.rise(row.iat);
    return isKept;
  }

  /** The uri itself, or the same path on the mirror for its origin. */
  private addressOf(uri: string): string {
    const { origin, pathname } = new URL(uri);
    const mirror = this.config.origins[origin];
    return mirror === undefined ? uri : mirror.replace(/\/$/, '') + pathname;
  }
}
