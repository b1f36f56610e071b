import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, IsNull, MoreThan } from 'typeorm';
import { Clock } from '#libs/platform';
import { StatusListPublisher } from '../status-lists/status-list-publisher.js';
import { StatusLists } from '../status-lists/status-lists.service.js';
import { AttestationEntity } from './attestation.entity.js';
import { HolderKeyEntity, type RevocationCause } from './holder-key.entity.js';
import { liveAttestations } from './live-attestations.js';

/**
 * Ends attestations before their time: row and status bit in one transaction, the signed list right after it. Callers hold
 * the locks of the residents concerned (`lockResident`); the status list is locked after them, always in this order.
 */
@Injectable()
export class Revocations {
  /** Transactions under way that have revoked something. */
  private readonly revoking = new WeakSet<EntityManager>();

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly lists: StatusLists,
    private readonly publisher: StatusListPublisher,
  ) {}

  /** Runs a transaction in which something may be revoked; if it was, the status list is signed once that is committed. */
  async transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    let hasRevoked = false;
    const result = await this.database.transaction(async (manager) => {
      const done = await work(manager);
      hasRevoked = this.revoking.has(manager);
      return done;
    });
    if (hasRevoked) this.publisher.wake();
    return result;
  }

  /**
   * Ends a resident's holder keys, all or those for one partner, and everything live that is bound to them. A key that ended
   * by consent withdrawn would come back with the next consent; any other cause ends it for good.
   * @returns how many attestations were revoked
   */
  async endKeys(
    manager: EntityManager,
    of: { readonly residentId: string; readonly partner?: string },
    cause: RevocationCause,
  ): Promise<number> {
    const now = this.clock.now();
    await manager.update(HolderKeyEntity, { ...of, endedAt: IsNull() }, { endedAt: now, cause });
    if (cause !== 'consent_withdrawn')
      await manager.update(HolderKeyEntity, { ...of, cause: 'consent_withdrawn' }, { cause });
    const live = await manager.findBy(AttestationEntity, { ...of, revokedAt: IsNull(), exp: MoreThan(now) });
    return this.revokeAttestations(
      manager,
      live.map(({ id }) => id),
      cause,
    );
  }

  /** Revokes the live tiers of a resident and leaves the keys: when the grade is positive again, they serve again. */
  async revokeTiers(manager: EntityManager, residentId: string, cause: RevocationCause): Promise<number> {
    const all = await liveAttestations(manager, [residentId], this.clock.now());
    const live = all.filter(({ badgeScheme }) => badgeScheme === null);
    return this.revokeAttestations(
      manager,
      live.map(({ id }) => id),
      cause,
    );
  }

  /** Revokes attestations by id; what is revoked already stays as it is. */
  async revokeAttestations(manager: EntityManager, ids: readonly string[], cause: RevocationCause): Promise<number> {
    if (ids.length === 0) return 0;
    const revoked = await manager.findBy(AttestationEntity, { id: In(ids), revokedAt: IsNull() });
    await manager.update(
      AttestationEntity,
      { id: In(ids), revokedAt: IsNull() },
      { revokedAt: this.clock.now(), cause },
    );
    await this.lists.revoke(manager, revoked);
    if (revoked.length > 0) this.revoking.add(manager);
    return revoked.length;
  }
}
