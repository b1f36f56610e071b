import { Injectable } from '@nestjs/common';
import { IsNull, Not, type EntityManager } from 'typeorm';
import { digestsToName, leavesRoom } from '#libs/alliance';
import { nodeCrypto } from '#libs/jose-profile/node';
import { GatewayError } from '#libs/platform';
import type { DelegationEntity } from '../delegation/delegation.entity.js';
import { Delegations, type DelegationsInUse } from '../delegation/delegations.js';
import { DocumentStore } from '../documents/document-store.js';
import { isTakenByGates, signingPanel, toBeSignedAgain } from '../documents/signing-panel.js';
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
  /** Those to be named, ascending: the others rest on one of them, or are published no more. */
  readonly suspended: readonly string[];
  /** Ascending; those of earlier versions included, where a later one is lifted in their place. */
  readonly lift: readonly string[];
  /** New versions that take over the suspension of the one before, which stands beside it. */
  readonly takenOver: ReadonlyMap<string, string>;
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
   * @param lift digests whose suspension is to end. A new version is suspended as the one before it is, unless either is named
   * @param epoch of the delegation in force, which it is when left out, or of a prepared one
   * @throws GatewayError FEDERATION_NOT_OPEN; EPOCH_NOT_PREPARED for another epoch; NOT_SUSPENDED for a digest to lift that is not suspended; SUSPENSIONS_FULL; ROUND_BLOCKED naming
   *   published documents that gates would refuse under the present keys and officers
   */
  async next(manager: EntityManager, lift: readonly string[], epoch: number | undefined): Promise<PlannedRound> {
    const inUse = await this.delegations.inUse(manager);
    const delegation = chosenOf(inUse, epoch);
    const standing = await this.store.standingUnder(manager, delegation, inUse);
    const digests = await this.choose(standing);
    return {
      epoch: delegation.epoch,
      previousRound: await lastRoundOf(manager, delegation.epoch),
      digests,
      ...(await planSuspensions(manager, standing, lift)),
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
    if (blocked.length > 0) throw new GatewayError('ROUND_BLOCKED', { fields: blocked.map(toBeSignedAgain) });
    return documents.map(({ digest }) => digest).toSorted();
  }
}

function chosenOf({ inForce, prepared }: DelegationsInUse, epoch: number | undefined): DelegationEntity {
  if (inForce === undefined) throw new GatewayError('FEDERATION_NOT_OPEN');
  if (epoch === undefined || epoch === inForce.epoch) return inForce;
  if (prepared?.epoch !== epoch) throw new GatewayError('EPOCH_NOT_PREPARED');
  return prepared;
}

async function lastRoundOf(manager: EntityManager, epoch: number): Promise<number | undefined> {
  const [last] = await manager.find(RoundEntity, {
    where: { epoch, adoptedAt: Not(IsNull()) },
    order: { round: 'DESC' },
    take: 1,
  });
  return last?.round;
}

type PlannedSuspensions = Pick<PlannedRound, 'suspended' | 'lift' | 'takenOver'>;

/**
 * What stays suspended, what is lifted, and what becomes suspended because it follows something that is: a suspension ends by a
 * round that names it, not by the next version. All versions of a table stand, so each of them is lifted by itself; of anything
 * else the suspension of a version that is gone ends with the later one's.
 */
async function planSuspensions(
  manager: EntityManager,
  standing: StandingDocuments,
  asked: readonly string[],
): Promise<PlannedSuspensions> {
  const named = new Set(asked);
  const open = new Set((await manager.findBy(SuspensionEntity, { review: 'open' })).map(({ digest }) => digest));
  const followers = standing.forNextRound().flatMap((document) => {
    const before = standing.suspendedBefore(document);
    return before === undefined ? [] : [{ digest: document.digest, before }];
  });
  const following = new Map(followers.map(({ digest, before }) => [digest, before]));
  for (const digest of named) if (!open.has(digest) && !following.has(digest)) throw new GatewayError('NOT_SUSPENDED');
  const lift = new Set(named);
  for (const digest of await supersededVersionsOf(manager, named)) if (open.has(digest)) lift.add(digest);
  const takenOver = new Map<string, string>();
  for (const { digest, before } of followers) {
    if (named.has(digest) && before.type !== 'table') lift.add(before.digest);
    else if (!named.has(digest) && !named.has(before.digest)) takenOver.set(digest, before.digest);
  }
  const toSuspend = new Set([...open, ...takenOver.keys()].filter((digest) => !lift.has(digest)));
  const suspended = digestsToName(standing.forNextRound(), standing, toSuspend);
  if (!leavesRoom(new Set(suspended), standing.forNextRound(), standing)) throw new GatewayError('SUSPENSIONS_FULL');
  return { suspended: suspended.toSorted(), lift: [...lift].toSorted(), takenOver };
}

/** Earlier versions, published no more, of documents. */
async function supersededVersionsOf(manager: EntityManager, digests: ReadonlySet<string>): Promise<readonly string[]> {
  const rows = await manager.query<{ readonly digest: string }[]>(
    `SELECT before.digest FROM document AS named JOIN document AS before USING (series)
    WHERE named.digest = ANY($1) AND before.version < named.version AND before.state = 'superseded'`,
    [[...digests]],
  );
  return rows.map(({ digest }) => digest);
}
