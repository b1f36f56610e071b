import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { leavesRoom, restsOnNamed, restsOnNothing, type AllianceTrust, type AnyHeldDocument } from '#libs/alliance';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff } from '#libs/staff';
import { HeadPublisher } from '../heads/head-publisher.js';
import { PublishedHeads } from '../heads/published-heads.js';
import { PublishedTrust } from '../heads/published-trust.js';
import { SuspensionEntity } from './suspension.entity.js';

/** One officer alone may narrow (design §4.4): a suspension takes effect in a new head at once, and must be reviewed. */
@Injectable()
export class Suspensions {
  constructor(
    private readonly database: DataSource,
    private readonly publisher: HeadPublisher,
    private readonly published: PublishedHeads,
    private readonly trust: PublishedTrust,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Suspends a document that is published now. One that is suspended already stays so under its first reason.
   * @throws GatewayError HEAD_NOT_PUBLISHED, DOCUMENT_NOT_PUBLISHED, SUSPENSIONS_FULL for what rests on something that can still be
   *   suspended, and the codes of `HeadChain.append`
   */
  suspend(digest: string, reason: string, officer: Staff): Promise<SuspensionEntity> {
    return this.publisher.publish(async (manager) => {
      const head = await this.published.latest(manager);
      if (head === undefined) throw new GatewayError('HEAD_NOT_PUBLISHED');
      const standing = await manager.findOneBy(SuspensionEntity, { digest, review: 'open' });
      if (standing !== null) return { outcome: standing };
      const trust = await this.trust.under(head, manager);
      const document = trust.documents.get(digest);
      if (document === undefined) throw new GatewayError('DOCUMENT_NOT_PUBLISHED');
      if (!canCarry(document, trust)) throw new GatewayError('SUSPENSIONS_FULL');
      const { username, organisation } = officer;
      const suspendedAt = this.clock.now();
      await manager.insert(SuspensionEntity, {
        digest,
        reason,
        officer: username,
        organisation,
        suspendedAt,
        review: 'open',
        liftedAt: null,
        liftedByRound: null,
      });
      await this.audit.record(manager, {
        actor: username,
        action: 'document.suspended',
        target: digest,
        detail: { reason },
      });
      const suspension = await manager.findOneByOrFail(SuspensionEntity, { digest, review: 'open' });
      return { outcome: suspension, cause: 'suspension' };
    });
  }

  /** Suspends a next version for the reason, and in the name, of the one before, whose own suspension stands as it is. */
  async takeOver(
    manager: EntityManager,
    { before, after, at }: { readonly before: string; readonly after: string; readonly at: number },
    actor: string,
  ): Promise<void> {
    const suspension = await manager.findOneByOrFail(SuspensionEntity, { digest: before, review: 'open' });
    const { reason, officer, organisation, review, liftedAt, liftedByRound } = suspension;
    const taken = { digest: after, reason, officer, organisation, suspendedAt: at, review, liftedAt, liftedByRound };
    await manager.insert(SuspensionEntity, taken);
    const detail = { before };
    await this.audit.record(manager, { actor, action: 'suspension.taken_over', target: after, detail });
  }

  /** Every suspension there ever was, the newest first; at most 1,000. */
  list(): Promise<readonly SuspensionEntity[]> {
    return this.database.manager.find(SuspensionEntity, { order: { id: 'DESC' }, take: 1_000 });
  }
}

/**
 * Whether the next head can suspend one more document: without naming it, or with room left for all that rests on nothing, which
 * can always be suspended.
 */
function canCarry(document: AnyHeldDocument, trust: AllianceTrust): boolean {
  if (restsOnNamed(document, trust, trust.suspended) || restsOnNothing(document, trust)) return true;
  return leavesRoom(new Set([...trust.suspended, document.digest]), trust.documents.values(), trust);
}
