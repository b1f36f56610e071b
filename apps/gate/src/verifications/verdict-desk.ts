import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AllianceTrust } from '#libs/alliance';
import type { MaskedPerson } from '#libs/attestation';
import { nodeCrypto } from '#libs/jose-profile/node';
import type { Party } from '#libs/offers';
import { Clock } from '#libs/platform';
import {
  allowedUse,
  decide,
  ENGINE,
  readEvidence,
  recordDocuments,
  rulesFor,
  tellVerdict,
  type DecisionFacts,
  type Evidence,
  type Expectation,
  type Grant,
  type Rules,
  type VerdictCode,
} from '#libs/verifier';
import { CouponBook, type Coupon } from '../coupons/coupon-book.js';
import { DailyCounter } from '../daily-counts/daily-counts.js';
import { GATE_CONFIG, type GateConfig } from '../gate.config.js';
import { ReceiptBook } from '../receipts/receipt-book.js';
import { VerificationEntity } from '../receipts/verification.entity.js';
import { memoryHandles, type MemoryHandles } from '../site-memory/memory-handles.js';
import { SiteMemory, type Recalled, type Visit } from '../site-memory/site-memory.js';
import { ONLINE, type Place } from '../sites/site-directory.js';
import { StatusListKeeper } from '../status-lists/status-list-keeper.js';
import { TimeFloor } from '../trust/time-floor.js';
import { TrustKeeper } from '../trust/trust-keeper.js';

/** Where, when and for what something is presented. */
export interface Occasion {
  readonly place: Place;
  readonly party: Party;
  /** Day of the visit, Asia/Shanghai. */
  readonly day: string;
  readonly orderRef: string | undefined;
  readonly expectation: Expectation;
}

/** What was presented, read and looked up, before the memory of the site is asked. */
export interface Presented {
  readonly occasion: Occasion;
  readonly trust: AllianceTrust;
  readonly evidence: Evidence;
  readonly rules: Rules;
  /** Of a genuine proof; otherwise random ones that nothing is remembered by. */
  readonly handles: MemoryHandles;
  readonly now: number;
}

/** The answer to a presentation. With a grant there is a receipt under `id`; any other answer leaves nothing behind. */
export interface Answer {
  readonly id: string;
  readonly verdict: VerdictCode;
  readonly repeat: boolean;
  readonly grant?: Grant;
  /** Whom the clerk compares the document with, for `check_by_hand`; never kept. */
  readonly person?: MaskedPerson;
  readonly coupon?: Coupon;
}

/** The same code on the same lane counts as the same visit for so long: a turnstile jams, a clerk rescans (design §4.2). */
const REPEAT_SECONDS = 60;
/** An accepted code is known again until it could not be accepted any more, with the clock skew on top (design §4.2). */
const MEMORY_SECONDS = 90;

/** Turns a presentation into a verdict: reads it, asks the site's memory, decides with the engine, records what was granted. */
@Injectable()
export class VerdictDesk {
  constructor(
    @Inject(GATE_CONFIG) private readonly config: GateConfig,
    private readonly trust: TrustKeeper,
    private readonly lists: StatusListKeeper,
    private readonly floor: TimeFloor,
    private readonly memory: SiteMemory,
    private readonly receipts: ReceiptBook,
    private readonly coupons: CouponBook,
    private readonly counter: DailyCounter,
    private readonly clock: Clock,
  ) {}

  /** Reads a presentation; a text that is none is evidence of nothing. `undefined` while this gate has no trust at all. */
  async read(text: string, occasion: Occasion): Promise<Presented | undefined> {
    const trust = this.trust.current();
    if (trust === undefined) return undefined;
    const now = this.clock.now();
    const evidence = await readEvidence(text, occasion.expectation, trust, this.lists, nodeCrypto);
    const offer = occasion.expectation.offer ?? evidence.offer;
    return {
      occasion,
      trust,
      evidence,
      rules: rulesFor(trust, offer, occasion.place.partner, evidence.attestation),
      handles: memoryHandles(evidence.memory),
      now,
    };
  }

  /**
   * Decides inside the memory's transaction.
   * @param isSpent the session this answers has been granted already: no other proof is accepted
   */
  async decide(manager: EntityManager, presented: Presented, isSpent = false): Promise<Answer> {
    const { occasion, rules, handles, evidence } = presented;
    const { day, orderRef } = occasion;
    const isPaper = occasion.expectation.way === 'card';
    const visit: Visit = { handles, isPaper, offer: rules.offer?.payload, day, orderRef };
    const recalled = await this.memory.recall(manager, visit);
    const repeated = await this.repeatOf(manager, presented, recalled);
    if (repeated !== undefined) return repeated;
    const facts = this.factsOf(presented, recalled, isSpent);
    const decision = decide(facts, rules);
    const told = tellVerdict(decision, facts, rules, evidence.person);
    if (told.code !== 'granted' && told.code !== 'check_by_hand')
      return this.turnAway(manager, occasion.place.site, told.code);
    const answer = await this.record(manager, presented, facts, told, visit);
    return told.code === 'check_by_hand' ? { ...answer, person: told.person } : answer;
  }

  /** An answer that leaves nothing behind but a count. */
  async turnAway(
    manager: EntityManager,
    site: string,
    verdict: Exclude<VerdictCode, 'granted' | 'check_by_hand'>,
  ): Promise<Answer> {
    await this.counter.addVerdict(manager, site, verdict);
    return { id: randomUUID(), verdict, repeat: false };
  }

  /** What was answered to a proof that was granted before, told again; `undefined` when it was taken back since. */
  async tellAgain(
    manager: EntityManager,
    verificationId: string,
    person: MaskedPerson | undefined,
  ): Promise<Answer | undefined> {
    const before = await manager.findOneByOrFail(VerificationEntity, { id: verificationId });
    if (before.voidedAt !== null || before.decision === 'declined') return undefined;
    const coupon = await this.coupons.of(manager, verificationId);
    return {
      id: before.id,
      verdict: before.verdict,
      repeat: true,
      grant: before.granted,
      ...(coupon === undefined ? {} : { coupon }),
      ...(before.verdict === 'granted' || person === undefined ? {} : { person }),
    };
  }

  /** The facts an offer is decided on before anything is presented. */
  factsBefore(trust: AllianceTrust, occasion: Occasion, takenToday: number): DecisionFacts {
    return {
      engine: ENGINE,
      way: occasion.expectation.way,
      now: this.clock.now(),
      timeFloor: this.floor.value,
      place: occasion.place,
      federation: this.config.federationId,
      head: { digest: trust.headDigest, iat: trust.headIat, expiresAt: trust.expiresAt },
      offer: occasion.expectation.offer,
      day: occasion.day,
      party: occasion.party,
      orderRef: occasion.orderRef,
      attestation: undefined,
      memory: { isReplayed: false, used: 0, lastUsedAt: undefined, takenToday },
    };
  }

  private async repeatOf(
    manager: EntityManager,
    { occasion: { place }, rules, handles, evidence, now }: Presented,
    { seen }: Recalled,
  ): Promise<Answer | undefined> {
    if (seen?.proof !== handles.proof) return undefined;
    const isSameLane = seen.site === place.site && seen.lane === place.lane;
    const since = now - seen.at;
    if (!isSameLane || since < 0 || since > REPEAT_SECONDS) return undefined;
    const again = await this.tellAgain(manager, seen.verificationId, evidence.person);
    // A card says nothing of an offer: what the clerk asks for now is answered, not what was asked before.
    return again?.grant?.offer === rules.offer?.payload.id ? again : undefined;
  }

  private factsOf({ trust, occasion, evidence, now }: Presented, recalled: Recalled, isSpent: boolean): DecisionFacts {
    const { seen, used, lastUsedAt, takenToday } = recalled;
    return {
      ...this.factsBefore(trust, occasion, takenToday),
      now,
      offer: occasion.expectation.offer ?? evidence.offer,
      attestation: evidence.attestation,
      memory: { isReplayed: isSpent || seen !== undefined, used, lastUsedAt, takenToday },
    };
  }

  private async record(
    manager: EntityManager,
    { occasion: { place, orderRef }, evidence, rules, now }: Presented,
    facts: DecisionFacts,
    told: { readonly code: 'granted' | 'check_by_hand'; readonly grant: Grant },
    visit: Visit,
  ): Promise<Answer> {
    const id = randomUUID();
    const { code: verdict, grant } = told;
    const isCounted = visit.offer === undefined || allowedUse(facts, visit.offer) !== 'reentry';
    const documents = recordDocuments(facts, rules);
    const receipt = await this.receipts.sign(place.partner, {
      kind: 'decision',
      jti: id,
      iat: now,
      verdict,
      facts,
      documents,
    });
    await manager.insert(VerificationEntity, {
      id,
      partner: place.partner,
      site: place.site,
      offer: grant.offer,
      verdict,
      counted: isCounted,
      decidedAt: now,
      granted: grant,
      receipt,
      decision: null,
      decisionRecord: null,
      decisionAt: null,
      voidedAt: null,
      voidReason: null,
      voidRecord: null,
    });
    const boundAt = evidence.attestation?.binding?.iat;
    const until = boundAt === undefined ? now + REPEAT_SECONDS : boundAt + MEMORY_SECONDS;
    const isAtLane = place.lane !== ONLINE;
    await this.memory.remember(manager, visit, { verificationId: id, place, until, isCounted, isAtLane });
    // Until the clerk has accepted there is nothing to redeem; a re-entry earns nothing anew.
    const isEarned = verdict === 'granted' && isCounted;
    const coupon = isEarned
      ? await this.coupons.makeFor(manager, { id, site: place.site, grant }, orderRef)
      : undefined;
    if (verdict === 'check_by_hand') await this.counter.addVerdict(manager, place.site, verdict);
    else await this.counter.addForOffer(manager, place.site, grant.offer, isCounted ? 'granted' : 'reentry');
    return { id, verdict, repeat: false, grant, ...(coupon === undefined ? {} : { coupon }) };
  }
}
