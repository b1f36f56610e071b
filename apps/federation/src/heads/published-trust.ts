import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { acceptBundle, type AllianceTrust, type Anchor, type Bundle } from '#libs/alliance';
import { nodeCryptoPooled } from '#libs/jose-profile/node';
import { GatewayError } from '#libs/platform';
import { PINNED_ANCHOR } from '../anchors/read-anchor.js';
import type { HeadEntity } from './head.entity.js';
import { PublishedHeads } from './published-heads.js';

/**
 * Reads the federation's own bundle exactly as a gate does, so that nothing is published that gates would refuse, and open
 * look-ups say what gates do. Only the latest trust is kept; another process may have published since.
 */
@Injectable()
export class PublishedTrust {
  private kept: AllianceTrust | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly published: PublishedHeads,
    @Inject(PINNED_ANCHOR) private readonly anchor: Anchor,
  ) {}

  /**
   * What a gate that is up to date trusts.
   * @throws GatewayError HEAD_NOT_PUBLISHED
   */
  async current(): Promise<AllianceTrust> {
    return this.under(await this.published.latestOrRefuse(), this.database.manager);
  }

  /** The trust under one published head. */
  async under(head: HeadEntity, manager: EntityManager): Promise<AllianceTrust> {
    if (this.kept?.headDigest === head.digest) return this.kept;
    // What is in the database was accepted before it was written; order against the kept one does not matter here.
    return (this.kept = await this.accept(await this.published.bundle(head, manager), undefined));
  }

  /**
   * Verifies a bundle as a gate that holds `held` does.
   * @throws GatewayError BUNDLE_REFUSED naming the rule and the part
   */
  async accept(bundle: Bundle, held: AllianceTrust | undefined): Promise<AllianceTrust> {
    const outcome = await acceptBundle({ anchor: this.anchor, bundle, held }, nodeCryptoPooled);
    if (outcome.ok) return outcome.value;
    throw new GatewayError('BUNDLE_REFUSED', { fields: [{ path: `/${outcome.at}`, message: outcome.fault }] });
  }

  /** Keeps a trust that has just been published, so that the next one is verified against it. */
  keep(trust: AllianceTrust): void {
    this.kept = trust;
  }
}
