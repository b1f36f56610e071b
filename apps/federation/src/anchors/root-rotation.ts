import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { readDocumentOf, verifyAnchors, type AllianceFault, type SignedDocument } from '#libs/alliance';
import { nodeCrypto } from '#libs/jose-profile/node';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail } from '#libs/staff';
import { Delegations } from '../delegation/delegations.js';
import { HeadPublisher } from '../heads/head-publisher.js';
import { PublishedHeads } from '../heads/published-heads.js';
import { AnchorEntity } from './anchor.entity.js';
import { Anchors } from './anchors.js';

/** Takes in the anchors by which the roots are rotated; they are signed offline. */
@Injectable()
export class RootRotation {
  constructor(
    private readonly publisher: HeadPublisher,
    private readonly published: PublishedHeads,
    private readonly anchors: Anchors,
    private readonly delegations: Delegations,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Takes an anchor in together with the delegations that its roots have signed too, and publishes a head with all of it, so
   * that no gate ever sees one without the other. The same anchor again changes nothing.
   * @param delegations the one in force, and a prepared one: payloads as they were taken in, with further signatures
   * @throws GatewayError ANCHOR_NOT_NEXT, ANCHOR_REFUSED, the codes of `Delegations.cosign` and of `HeadChain.append`: then
   *   nothing is kept
   */
  install(anchor: SignedDocument, delegations: readonly SignedDocument[], actor: string): Promise<AnchorEntity> {
    return this.publisher.publish(async (manager) => {
      const read = await readDocumentOf('anchor', anchor, nodeCrypto);
      if (!read.ok) throw refused(read.fault);
      const { payload, digest } = read.value;
      const kept = await manager.findOneBy(AnchorEntity, { version: payload.version });
      if (kept?.digest === digest) return { outcome: kept };
      const newest = await this.anchors.newest(manager);
      if (payload.version !== newest.version + 1) throw new GatewayError('ANCHOR_NOT_NEXT');
      const verified = await verifyAnchors(newest, [anchor], nodeCrypto);
      if (!verified.ok) throw refused(verified.fault);
      const entity = await this.enter(manager, anchor, { version: payload.version, digest }, actor);
      for (const delegation of delegations) await this.delegations.cosign(manager, delegation, actor);
      const isPublishing = (await this.published.latest(manager)) !== undefined;
      return { outcome: entity, cause: isPublishing ? 'anchor' : undefined };
    });
  }

  private async enter(
    manager: EntityManager,
    { payload, signatures }: SignedDocument,
    { version, digest }: Pick<AnchorEntity, 'version' | 'digest'>,
    actor: string,
  ): Promise<AnchorEntity> {
    const entity = manager.create(AnchorEntity, {
      version,
      digest,
      payload,
      signatures: [...signatures],
      receivedAt: this.clock.now(),
      receivedBy: actor,
    });
    await manager.insert(AnchorEntity, entity);
    await this.audit.record(manager, { actor, action: 'anchor.installed', target: digest, detail: { version } });
    return entity;
  }
}

function refused(fault: AllianceFault): GatewayError {
  return new GatewayError('ANCHOR_REFUSED', { fields: [{ path: '/anchor', message: fault }] });
}
