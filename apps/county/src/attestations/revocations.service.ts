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
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly lists: StatusLists,
    private readonly publisher: StatusListPublisher,
  ) {}

  /** Runs a transaction in which something may be revoked, and has the status list signed once it is committed. */
  async transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.database.transaction(work);
    this.publisher.wake();
    return result;
  }

  /**
   * Ends a resident's holder keys, all or those for one partner, and everything live that is bound to them.
   * @returns how many attestations were revoked
   */
  async endKeys(
    manager: EntityManager,
    of: { readonly residentId: string; readonly partner?: string },
    cause: RevocationCause,
  ): Promise<number> {
    const now = this.clock.now();
    await manager.update(HolderKeyEntity, { ...of, endedAt: IsNull() }, { endedAt: now, cause });
    const live = await manager.findBy(AttestationEntity, { ...of, revokedAt: IsNull(), exp: MoreThan(now) });
    return this.revokeAttestations(
      manager,
      live.map(({ id }) => id),
      cause,
    );
  }

  /** Revokes everything live of a resident and leaves the keys: when the grade is positive again, they serve again. */
  async revokeLive(manager: EntityManager, residentId: string, cause: RevocationCause): Promise<number> {
    const live = await liveAttestations(manager, [residentId], this.clock.now());
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
    return revoked.length;
  }
}
