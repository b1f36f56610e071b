import { Injectable } from '@nestjs/common';
import { IsNull, Not, type EntityManager } from 'typeorm';
import { nodeCrypto } from '#libs/jose-profile/node';
import { GatewayError } from '#libs/platform';
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
   * @throws GatewayError FEDERATION_NOT_OPEN; NOT_SUSPENDED for a digest to lift that is not suspended; ROUND_BLOCKED naming
   *   published documents that gates would refuse under the present keys and officers
   */
  async next(manager: EntityManager, lift: readonly string[]): Promise<PlannedRound> {
    const delegation = await this.delegations.current(manager);
    if (delegation === undefined) throw new GatewayError('FEDERATION_NOT_OPEN');
    const standing = await this.store.standing(manager);
    return {
      epoch: delegation.epoch,
      previousRound: await lastRoundOf(manager, delegation.epoch),
      digests: await this.choose(standing),
      suspended: await suspendedWithout(manager, lift),
      lift: [...new Set(lift)].toSorted(),
      officers: standing.delegated.officers,
    };
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
