import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, type EntityManager } from 'typeorm';
import { docsRoot, documentTyp, nextRound, readDocument, type RoundPayload } from '#libs/alliance';
import { canonicalJson, encodeBase64url, isSignedBy, parseDetachedJws } from '#libs/jose-profile';
import { nodeCrypto } from '#libs/jose-profile/node';
import { Clock, type ErrorCode, GatewayError } from '#libs/platform';
import { AuditTrail } from '#libs/staff';
import type { Officer } from '../documents/standing-documents.js';
import { FEDERATION_CONFIG, ROUND_LIFE_SECONDS, type FederationConfig } from '../federation.config.js';
import { HeadPublisher } from '../heads/head-publisher.js';
import { SerialWrites } from '../heads/serial-writes.js';
import { SuspensionEntity } from '../suspensions/suspension.entity.js';
import { Suspensions } from '../suspensions/suspensions.js';
import { PublishedDocuments } from './published-documents.js';
import { RoundPlans, type PlannedRound } from './round-plans.js';
import { RoundSignatureEntity } from './round-signature.entity.js';
import { RoundEntity } from './round.entity.js';

const ORGANISATIONS_NEEDED = 2;
/** The second officer of a day gets the very draft that the first one signed. */
const DRAFT_LIFE_SECONDS = 86_400;

/** What was suspended has been lifted since, or the epoch has passed. */
const OVERTAKEN = new Set<ErrorCode>(['NOT_SUSPENDED', 'EPOCH_NOT_PREPARED']);

export interface RoundView {
  readonly round: RoundEntity;
  readonly signatures: readonly RoundSignatureEntity[];
}

interface RoundContent {
  readonly content: Omit<RoundPayload, 'type'>;
  readonly payload: string;
  readonly digest: string;
}

/** Rounds: two officers of different organisations say which documents hold, and what stays suspended. They sign offline. */
@Injectable()
export class Rounds {
  constructor(
    private readonly database: DataSource,
    private readonly writes: SerialWrites,
    private readonly publisher: HeadPublisher,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly plans: RoundPlans,
    private readonly documents: PublishedDocuments,
    private readonly suspensions: Suspensions,
    @Inject(FEDERATION_CONFIG) private readonly config: Pick<FederationConfig, 'roundLifeSeconds'>,
  ) {}

  /**
   * Drafts the next round over all complete documents. While nothing changes, the draft stays the same for a day.
   * @param lift digests whose suspension ends with this round
   * @param epoch of a prepared delegation, whose first round this is to be; otherwise of the one in force
   * @throws GatewayError FEDERATION_NOT_OPEN, EPOCH_NOT_PREPARED, NOT_SUSPENDED, SUSPENSIONS_FULL, ROUND_BLOCKED
   */
  draft(lift: readonly string[], epoch: number | undefined, actor: string): Promise<RoundView> {
    return this.writes.run(async (manager) => {
      const plan = await this.plans.next(manager, lift, epoch);
      const existing = await this.freshDraft(manager, plan);
      return viewOf(manager, existing ?? (await this.insertDraft(manager, plan, actor)));
    });
  }

  /** @throws GatewayError NOT_FOUND */
  async find(digest: string): Promise<RoundView> {
    const { manager } = this.database;
    return viewOf(manager, await findRound(manager, digest));
  }

  /**
   * Verifies an officer's signature and keeps it. With two organisations the round is adopted and a head published at once;
   * with the first round of a prepared epoch, that one is in force.
   * The same key again changes nothing.
   * @throws GatewayError NOT_FOUND, ROUND_STALE, SIGNATURE_REFUSED, SIGNER_UNKNOWN, SIGNATURE_NOT_NEEDED, and the codes of
   *   `HeadChain.append`: then nothing is kept
   */
  sign(digest: string, signature: string, actor: string): Promise<RoundView> {
    return this.publisher.publish(async (manager) => {
      const round = await findRound(manager, digest);
      const filed = await manager.findBy(RoundSignatureEntity, { digest });
      const kid = kidOf(round, signature);
      if (filed.some((each) => each.kid === kid)) return { outcome: { round, signatures: filed } };
      if (round.adoptedAt !== null) throw new GatewayError('SIGNATURE_NOT_NEEDED');
      const plan = await this.plans.next(manager, round.lift, round.epoch).catch((error: unknown) => {
        throw error instanceof GatewayError && OVERTAKEN.has(error.code) ? new GatewayError('ROUND_STALE') : error;
      });
      if (!(await this.isFresh(round, plan))) throw new GatewayError('ROUND_STALE');
      const officer = await verify(round, signature, kid, plan.officers);
      const organisations = new Set(filed.map(({ organisation }) => organisation));
      if (organisations.has(officer.organisation)) throw new GatewayError('SIGNATURE_NOT_NEEDED');
      organisations.add(officer.organisation);
      await this.insertSignature(manager, { digest, kid, organisation: officer.organisation, jws: signature }, actor);
      if (organisations.size < ORGANISATIONS_NEEDED) return { outcome: await viewOf(manager, round) };
      const adopted = await this.adopt(manager, round, plan.takenOver, actor);
      return { outcome: await viewOf(manager, adopted), cause: 'round' };
    });
  }

  private async freshDraft(manager: EntityManager, plan: PlannedRound): Promise<RoundEntity | undefined> {
    const drafts = await manager.find(RoundEntity, {
      where: { epoch: plan.epoch, adoptedAt: IsNull() },
      order: { draftedAt: 'DESC' },
      take: 10,
    });
    for (const draft of drafts)
      if (this.clock.now() - draft.draftedAt < DRAFT_LIFE_SECONDS && (await this.isFresh(draft, plan))) return draft;
    return undefined;
  }

  /** Whether a draft still says what would be drafted now. */
  private async isFresh(draft: RoundEntity, plan: PlannedRound): Promise<boolean> {
    return (
      draft.epoch === plan.epoch &&
      draft.round === (plan.previousRound ?? 0) + 1 &&
      draft.expiresAt > this.clock.now() &&
      draft.docsRoot === (await docsRoot(plan.digests, nodeCrypto)) &&
      draft.suspended.join() === plan.suspended.join() &&
      draft.lift.join() === plan.lift.join()
    );
  }

  private async insertDraft(manager: EntityManager, plan: PlannedRound, actor: string): Promise<RoundEntity> {
    const { content, payload, digest } = await this.newContent(manager, plan);
    const entity = manager.create(RoundEntity, {
      digest,
      epoch: content.epoch,
      round: content.round,
      docsRoot: content.docs_root,
      documents: [...plan.digests],
      suspended: [...plan.suspended],
      lift: [...plan.lift],
      payload,
      draftedAt: this.clock.now(),
      expiresAt: content.exp,
      draftedBy: actor,
      adoptedAt: null,
    });
    await manager.insert(RoundEntity, entity);
    const detail = { epoch: content.epoch, round: content.round, documents: plan.digests.length };
    await this.audit.record(manager, { actor, action: 'round.drafted', target: digest, detail });
    return entity;
  }

  /**
   * A draft that says the same as an earlier one, but lifts what was suspended since, is dated a second later: whoever signed
   * the earlier one did not know of the suspension, and has not signed this.
   */
  private async newContent(manager: EntityManager, plan: PlannedRound): Promise<RoundContent> {
    const lifetimeSeconds = this.config.roundLifeSeconds ?? ROUND_LIFE_SECONDS;
    for (let now = this.clock.now(); ; now += 1) {
      const content = await nextRound({ ...plan, now, lifetimeSeconds }, nodeCrypto);
      const payload = encodeBase64url(canonicalJson({ ...content, type: 'round' }));
      const read = await readDocument({ payload, signatures: [] }, nodeCrypto);
      if (!read.ok) throw new GatewayError('INTERNAL', { detail: `a drafted round is not readable: ${read.fault}` });
      const { digest } = read.value;
      if (!(await manager.existsBy(RoundEntity, { digest }))) return { content, payload, digest };
    }
  }

  private async insertSignature(
    manager: EntityManager,
    signature: Pick<RoundSignatureEntity, 'digest' | 'kid' | 'organisation' | 'jws'>,
    actor: string,
  ): Promise<void> {
    const received = { receivedAt: this.clock.now(), receivedBy: actor };
    await manager.insert(RoundSignatureEntity, { ...signature, ...received });
    const { digest, organisation } = signature;
    await this.audit.record(manager, { actor, action: 'round.signed', target: digest, detail: { organisation } });
  }

  private async adopt(
    manager: EntityManager,
    round: RoundEntity,
    takenOver: PlannedRound['takenOver'],
    actor: string,
  ): Promise<RoundEntity> {
    const { digest, documents, lift } = round;
    const adoptedAt = this.clock.now();
    await manager.update(RoundEntity, { digest }, { adoptedAt });
    await this.documents.publish(manager, documents, adoptedAt);
    await manager.update(
      SuspensionEntity,
      { digest: In(lift), review: 'open' },
      { review: 'lifted', liftedAt: adoptedAt, liftedByRound: digest },
    );
    for (const [after, before] of takenOver)
      await this.suspensions.takeOver(manager, { before, after, at: adoptedAt }, actor);
    const detail = { epoch: round.epoch, round: round.round, lifted: lift.length };
    await this.audit.record(manager, { actor, action: 'round.adopted', target: digest, detail });
    return findRound(manager, digest);
  }
}

async function findRound(manager: EntityManager, digest: string): Promise<RoundEntity> {
  const round = await manager.findOneBy(RoundEntity, { digest });
  if (round === null) throw new GatewayError('NOT_FOUND');
  return round;
}

async function viewOf(manager: EntityManager, round: RoundEntity): Promise<RoundView> {
  return { round, signatures: await manager.findBy(RoundSignatureEntity, { digest: round.digest }) };
}

function kidOf(round: RoundEntity, signature: string): string {
  const parsed = parseDetachedJws(signature, round.payload, documentTyp('round'));
  if (!parsed.ok || parsed.value.kid === undefined || Object.keys(parsed.value.header).length !== 3)
    throw new GatewayError('SIGNATURE_REFUSED');
  return parsed.value.kid;
}

async function verify(
  round: RoundEntity,
  signature: string,
  kid: string,
  officers: ReadonlyMap<string, Officer>,
): Promise<Officer> {
  const officer = officers.get(kid);
  if (officer === undefined) throw new GatewayError('SIGNER_UNKNOWN');
  const parsed = parseDetachedJws(signature, round.payload, documentTyp('round'));
  const key = await nodeCrypto.importPublicKey(officer.key.alg, officer.key.jwk).catch(() => undefined);
  if (!parsed.ok || key === undefined || !(await isSignedBy(parsed.value, key, nodeCrypto)))
    throw new GatewayError('SIGNATURE_REFUSED');
  return officer;
}
