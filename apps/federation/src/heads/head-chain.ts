import { Inject, Injectable } from '@nestjs/common';
import { IsNull, Not, type EntityManager } from 'typeorm';
import {
  digestsToName,
  headDigest,
  nextHead,
  readDocumentOf,
  signHead,
  type AllianceTrust,
  type HeadState,
  type RoundPayload,
} from '#libs/alliance';
import type { Signer } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { Clock, GatewayError } from '#libs/platform';
import { DelegationEntity } from '../delegation/delegation.entity.js';
import { payloadOf } from '../delegation/delegations.js';
import { OnlineKeys } from '../delegation/online-keys.js';
import { FEDERATION_CONFIG, HEAD_LIFE_SECONDS, type FederationConfig } from '../federation.config.js';
import { RoundEntity } from '../rounds/round.entity.js';
import { SuspensionEntity } from '../suspensions/suspension.entity.js';
import { Foundation } from './foundation.js';
import { HeadEntity, type HeadCause } from './head.entity.js';
import { PublishedHeads } from './published-heads.js';
import { PublishedTrust } from './published-trust.js';

/** What the next head is signed under. */
interface Footing {
  readonly round: RoundPayload;
  readonly roundDigest: string;
  readonly delegationExp: number;
  readonly signer: Signer;
}

/** Signs heads, one after the other. Every head is verified as gates will verify it, and kept, before anyone sees it. */
@Injectable()
export class HeadChain {
  constructor(
    private readonly clock: Clock,
    private readonly foundation: Foundation,
    private readonly onlineKeys: OnlineKeys,
    private readonly published: PublishedHeads,
    private readonly trust: PublishedTrust,
    @Inject(FEDERATION_CONFIG) private readonly config: Pick<FederationConfig, 'headLifeSeconds'>,
  ) {}

  /**
   * Signs and keeps the next head under the last adopted round, in a transaction of `SerialWrites`. It carries every standing
   * suspension: by name, or by the name of what the document rests on. Its time is never below the last head's, whatever the clock does. The very first one is preceded, where
   * the alliance has a founding day, by a head of that day.
   * @throws GatewayError HEAD_NOT_PUBLISHED before the first round, ROUND_EXPIRED, DELEGATION_EXPIRED, ONLINE_KEY_NOT_HELD,
   *   BUNDLE_REFUSED
   */
  async append(manager: EntityManager, cause: HeadCause): Promise<HeadEntity> {
    const footing = await this.footing(manager);
    const previous = await this.published.latest(manager);
    const { foundedAt } = this.foundation;
    const first =
      previous === undefined && foundedAt !== undefined
        ? await this.sign(manager, footing, undefined, { now: foundedAt, cause: 'founding' })
        : previous;
    return this.sign(manager, footing, first, { now: Math.max(this.clock.now(), first?.iat ?? 0), cause });
  }

  private async footing(manager: EntityManager): Promise<Footing> {
    const [adopted] = await manager.find(RoundEntity, {
      where: { adoptedAt: Not(IsNull()) },
      order: { epoch: 'DESC', round: 'DESC' },
      take: 1,
    });
    if (adopted === undefined) throw new GatewayError('HEAD_NOT_PUBLISHED');
    // A round belongs to one epoch: a prepared delegation is in force from its first round on.
    const delegation = await manager.findOneByOrFail(DelegationEntity, { epoch: adopted.epoch });
    const signer = this.onlineKeys.find(delegation.onlineKid);
    if (signer === undefined) throw new GatewayError('ONLINE_KEY_NOT_HELD');
    const round = await readDocumentOf('round', { payload: adopted.payload, signatures: [] }, nodeCrypto);
    if (!round.ok) throw new GatewayError('INTERNAL', { detail: `a kept round is not readable: ${round.fault}` });
    const { exp } = await payloadOf(delegation);
    return { round: round.value.payload, roundDigest: adopted.digest, delegationExp: exp, signer };
  }

  private async sign(
    manager: EntityManager,
    { round, roundDigest, delegationExp, signer }: Footing,
    previous: HeadEntity | undefined,
    { now, cause }: { readonly now: number; readonly cause: HeadCause },
  ): Promise<HeadEntity> {
    if (now >= round.exp) throw new GatewayError('ROUND_EXPIRED');
    if (now >= delegationExp) throw new GatewayError('DELEGATION_EXPIRED');
    const held = previous && (await this.trust.under(previous, manager));
    const payload = nextHead(round, held && stateOf(held), {
      now,
      lifetimeSeconds: this.config.headLifeSeconds ?? HEAD_LIFE_SECONDS,
      // A round names what is suspended by itself; after it only what came since.
      suspend: held?.roundDigest === roundDigest ? await standingSuspensions(manager, held) : [],
    });
    const jws = await signHead(payload, signer, nodeCrypto);
    const { epoch, seq, iat, exp } = payload;
    const head = { epoch, seq, jws, roundDigest, iat, exp, cause, digest: await headDigest(jws, nodeCrypto) };
    const accepted = await this.trust.accept(await this.published.bundle(head, manager), held);
    const entity = manager.create(HeadEntity, head);
    await manager.insert(HeadEntity, entity);
    this.trust.keep(accepted);
    return entity;
  }
}

/** What a head must name so that every suspension under review holds. */
async function standingSuspensions(manager: EntityManager, held: AllianceTrust): Promise<readonly string[]> {
  const open = await manager.findBy(SuspensionEntity, { review: 'open' });
  return digestsToName(held.documents.values(), held, new Set(open.map(({ digest }) => digest)));
}

function stateOf({ epoch, seq, round, headDigest: digest, suspended }: AllianceTrust): HeadState {
  return { epoch, seq, round, headDigest: digest, suspended };
}
