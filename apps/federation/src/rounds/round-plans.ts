import { Injectable } from '@nestjs/common';
import { IsNull, Not, type EntityManager } from 'typeorm';
import { nodeCrypto } from '#libs/jose-profile/node';
import { GatewayError } from '#libs/platform';
import type { DelegationEntity } from '../delegation/delegation.entity.js';
import { Delegations } from '../delegation/delegations.js';
import { DocumentStore } from '../documents/document-store.js';
import { isTakenByGates, signingPanel } from '../documents/signing-panel.js';
import type { Officer, StandingDocuments } from '../documents/standing-documents.js';
import { SuspensionEntity } from '../suspensions/suspension.entity.js';
import { RoundEntity } from './round.entity.js';

/** What the next round would say at this moment. */
export interface PlannedRound {
  readonly epoch: number;
  /** The last adopted round of this epoch. */
  readonly previousRound: number | undefined;
  /** Ascending. */
  readonly digests: readonly string[];
  /** Ascending. */
  readonly suspended: readonly string[];
  readonly lift: readonly string[];
  readonly officers: ReadonlyMap<string, Officer>;
}

/** Works out the next round from what is filed. Officers see and sign the result; nothing else enters it. */
@Injectable()
export class RoundPlans {
  constructor(
    private readonly delegations: Delegations,
    private readonly store: DocumentStore,
  ) {}

  /**
   * @param lift digests whose suspension is to end
   * @param epoch of the delegation in force, which it is when left out, or of a prepared one
   * @throws GatewayError FEDERATION_NOT_OPEN; EPOCH_NOT_PREPARED for another epoch; NOT_SUSPENDED for a digest to lift that is not suspended; ROUND_BLOCKED naming
   *   published documents that gates would refuse under the present keys and officers
   */
  async next(manager: EntityManager, lift: readonly string[], epoch: number | undefined): Promise<PlannedRound> {
    const delegation = await this.delegationOf(manager, epoch);
    const standing = await this.store.standingUnder(manager, delegation);
    return {
      epoch: delegation.epoch,
      previousRound: await lastRoundOf(manager, delegation.epoch),
      digests: await this.choose(standing),
      suspended: await suspendedWithout(manager, lift),
      lift: [...new Set(lift)].toSorted(),
      officers: standing.delegated.officers,
    };
  }

  private async delegationOf(manager: EntityManager, epoch: number | undefined): Promise<DelegationEntity> {
    const inForce = await this.delegations.inForce(manager);
    if (inForce === undefined) throw new GatewayError('FEDERATION_NOT_OPEN');
    if (epoch === undefined || epoch === inForce.epoch) return inForce;
    const prepared = await this.delegations.prepared(manager);
    if (prepared?.epoch !== epoch) throw new GatewayError('EPOCH_NOT_PREPARED');
    return prepared;
  }

  /** Everything that stands. What gates hold already must not vanish silently when its signers are gone. */
  private async choose(standing: StandingDocuments): Promise<readonly string[]> {
    const documents = standing.forNextRound();
    const blocked: string[] = [];
    for (const { digest, payload, signedBy } of documents) {
      const panel = await signingPanel(payload, standing, nodeCrypto);
      if (panel === undefined || !isTakenByGates(panel, signedBy)) blocked.push(digest);
    }
    if (blocked.length > 0)
      throw new GatewayError('ROUND_BLOCKED', {
        fields: blocked.map((digest) => ({ path: `/documents/${digest}`, message: 'needs to be signed again' })),
      });
    return documents.map(({ digest }) => digest).toSorted();
  }
}

async function lastRoundOf(manager: EntityManager, epoch: number): Promise<number | undefined> {
  const [last] = await manager.find(RoundEntity, {
    where: { epoch, adoptedAt: Not(IsNull()) },
    order: { round: 'DESC' },
    take: 1,
  });
  return last?.round;
}

async function suspendedWithout(manager: EntityManager, lift: readonly string[]): Promise<readonly string[]> {
  const open = new Set((await manager.findBy(SuspensionEntity, { review: 'open' })).map(({ digest }) => digest));
  for (const digest of new Set(lift)) if (!open.delete(digest)) throw new GatewayError('NOT_SUSPENDED');
  return [...open].toSorted();
}
