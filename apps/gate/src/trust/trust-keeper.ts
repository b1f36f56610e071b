import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import {
  acceptBundle,
  newerAnchor,
  orderOf,
  verifyAnchors,
  verifyParts,
  type AllianceTrust,
  type Anchor,
  type BundleOutcome,
  type BundleParts,
  type HeadOrder,
  type NextBundle,
  type PartsOutcome,
  type VerifiedParts,
} from '#libs/alliance';
import { nodeCrypto, nodeCryptoPooled } from '#libs/jose-profile/node';
import { Clock, GatewayError, ServiceLog } from '#libs/platform';
import { Repeater } from '../fetching/repeater.js';
import { GATE_CONFIG, type GateConfig } from '../gate.config.js';
import { ANCHOR } from './anchor.js';
import { BackOff } from './back-off.js';
import { BundleGatherer } from './gather-bundle.js';
import { HeadSource, type HeadParts } from './head-source.js';
import { TrustStore } from './trust-store.js';

/**
 * A head dated later than this against the gate's clock is not taken in: the time floor would follow it, and a stolen online
 * key could stop the gate for good.
 */
const AHEAD_SECONDS = 300;

/**
 * Holds the alliance's newest accepted head: kept across restarts, renewed on a timer and on hints, replaced only by one that
 * every rule accepts. What is refused or cannot be fetched leaves the old one standing; it ages into `stale` by itself.
 */
@Injectable()
export class TrustKeeper implements OnApplicationBootstrap, OnModuleDestroy {
  private trust: AllianceTrust | undefined;
  /** Of the head that was kept, where its documents cannot be taken up any more: an older one stays older. */
  private order: HeadOrder | undefined;
  /** The newest anchor this gate has followed; it outlives a trust that it no longer vouches for. */
  private anchor: Anchor;
  private etag: string | undefined;
  private fault: string | undefined;
  private readonly source: HeadSource | undefined;
  private readonly gatherer = new BundleGatherer();
  private readonly backOff = new BackOff();
  private readonly repeater: Repeater;
  private readonly listeners: ((trust: AllianceTrust) => void)[] = [];

  constructor(
    @Inject(GATE_CONFIG) config: GateConfig,
    @Inject(ANCHOR) private readonly pinned: Anchor,
    private readonly store: TrustStore,
    private readonly clock: Clock,
    private readonly log: ServiceLog,
  ) {
    this.anchor = pinned;
    this.source =
      config.federationUrl === undefined ? undefined : new HeadSource(config.federationUrl.replace(/\/$/, ''));
    this.repeater = new Repeater(
      () => this.sync(),
      config.pollSeconds * 1_000,
      (error) => this.log.fault('trust.sync_failed', error),
    );
  }

  /** `undefined` until this gate has ever taken in a head. Says nothing about freshness. */
  current(): AllianceTrust | undefined {
    return this.trust;
  }

  /** Why the last attempt at a newer head came to nothing, as a code. */
  lastFault(): string | undefined {
    return this.fault;
  }

  /** Calls back with every trust that replaces another, before it is used for anything. */
  onChange(listener: (trust: AllianceTrust) => void): void {
    this.listeners.push(listener);
  }

  /**
   * Takes up what was kept. Needs no network: a gate starts at the bottom of a valley too.
   * @throws GatewayError CONFIG_DOCUMENT_INVALID when the anchors kept do not follow from the pinned one: to go on without them
   *   would be to let a former anchor come back
   */
  async load(): Promise<void> {
    const anchors = await verifyAnchors(this.pinned, await this.store.anchors(this.pinned), nodeCrypto);
    if (!anchors.ok)
      throw new GatewayError('CONFIG_DOCUMENT_INVALID', {
        detail: `the anchors kept do not follow from the pinned one (${anchors.fault}); pin the newest`,
      });
    this.anchor = newerAnchor(this.anchor, anchors.value.anchor);
    const newest = await this.store.newest(this.pinned);
    if (newest === undefined) return;
    const bundle = await this.store.bundleOf(newest);
    const held = this.trust;
    const outcome = await acceptBundle({ anchor: this.anchor, bundle, held }, nodeCryptoPooled);
    if (outcome.ok) return this.adopt(outcome.value);
    this.refuse(outcome);
    const parts = await verifyParts({ anchor: this.anchor, parts: bundle, held }, nodeCrypto);
    if (parts.ok) this.order = orderOf(parts.value);
  }

  onApplicationBootstrap(): void {
    if (this.source !== undefined) this.repeater.start();
  }

  /** A hint came that there may be a new head. */
  wake(): void {
    if (this.source !== undefined) this.repeater.wake();
  }

  async onModuleDestroy(): Promise<void> {
    this.source?.stop();
    await this.repeater.stop();
  }

  private async sync(): Promise<void> {
    const { source } = this;
    if (source === undefined) return;
    await this.catchUp();
    const head = await source.head(this.etag);
    if (!head.ok) return this.note(head.fault);
    if (head.value === undefined) {
      this.fault = undefined;
      return;
    }
    const outcome = await this.take(source, head.value);
    if (outcome === undefined) return;
    if (!outcome.ok) return this.refuse(outcome);
    this.etag = head.value.etag;
    this.fault = undefined;
  }

  /** Another process on this database may have gone ahead. */
  private async catchUp(): Promise<void> {
    const newest = await this.store.newest(this.pinned);
    if (newest !== undefined && newest.digest !== this.trust?.headDigest) await this.load();
  }

  private async take(source: HeadSource, head: HeadParts): Promise<BundleOutcome | undefined> {
    const verified = await this.verifyParts(head.parts);
    if (!verified.ok) return verified;
    const now = this.clock.now();
    if (verified.value.head.payload.iat > now + AHEAD_SECONDS) return this.note('HEAD_AHEAD_OF_CLOCK');
    if (this.backOff.isWaiting(verified.value.head, now)) return undefined;
    this.backOff.begin(verified.value.head, now);
    const outcome = await this.takeDocuments(source, head, verified.value);
    if (outcome?.ok === true) this.backOff.succeeded();
    return outcome;
  }

  /** Fetches what a verified head stands for, and takes it in if it fits. */
  private async takeDocuments(
    source: HeadSource,
    head: HeadParts,
    verified: VerifiedParts,
  ): Promise<BundleOutcome | undefined> {
    const gathered = await this.gatherer.gather(source, head, verified, this.trust);
    if (!gathered.ok) return this.note(gathered.fault);
    const outcome = await this.accept(gathered.value);
    // The same payloads may have been signed anew, by the officers of a new delegation.
    const isWhole = gathered.value.digests === undefined;
    if (outcome === undefined || outcome.ok || isWhole || !outcome.at.startsWith('document')) return outcome;
    const whole = await this.gatherer.gatherWhole(source, verified.round.digest);
    return whole.ok ? this.accept(whole.value) : this.note(whole.fault);
  }

  private verifyParts(parts: BundleParts): Promise<PartsOutcome> {
    return verifyParts({ anchor: this.anchor, parts, held: this.trust ?? this.order }, nodeCrypto);
  }

  private async accept(bundle: NextBundle): Promise<BundleOutcome | undefined> {
    const { anchor, trust: held } = this;
    // Where nothing is held, `acceptBundle` has nothing to order by.
    const parts = await this.verifyParts(bundle);
    if (!parts.ok) return parts;
    const outcome = await acceptBundle({ anchor, bundle, held }, nodeCryptoPooled);
    if (!outcome.ok || isHeld(outcome.value, held)) return outcome;
    if (!(await this.store.keep(outcome.value, bundle, { anchor, trust: held }))) {
      // Another process has gone ahead meanwhile.
      await this.catchUp();
      return undefined;
    }
    this.adopt(outcome.value);
    return outcome;
  }

  private adopt(trust: AllianceTrust): void {
    for (const listener of this.listeners) listener(trust);
    this.trust = trust;
    this.anchor = trust.anchor;
    this.log.info('trust.adopted', {
      epoch: trust.epoch,
      seq: trust.seq,
      round: trust.round,
      anchor: trust.anchor.version,
    });
  }

  private refuse({ fault, at }: Extract<BundleOutcome, { ok: false }>): void {
    if (this.fault !== fault) this.log.warn('trust.refused', { code: fault, at });
    this.fault = fault;
  }

  /** An outage is worth a line when it begins, not at every turn. */
  private note(code: string): undefined {
    if (this.fault !== code) this.log.warn('trust.source_failed', { code });
    this.fault = code;
  }
}

/** The same head under a newer anchor is news: from then on the former roots count no more. */
function isHeld(trust: AllianceTrust, held: AllianceTrust | undefined): boolean {
  return trust.headDigest === held?.headDigest && trust.anchor.version === held.anchor.version;
}
