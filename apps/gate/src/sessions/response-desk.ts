import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { CouponBook } from '../coupons/coupon-book.js';
import { VerificationEntity } from '../receipts/verification.entity.js';
import { MemoryTransaction } from '../site-memory/memory-transaction.js';
import { ONLINE } from '../sites/site-directory.js';
import { TrustKeeper } from '../trust/trust-keeper.js';
import { VerdictDesk, type Answer, type Presented } from '../verifications/verdict-desk.js';
import type { SessionStateAnswer } from './session.dto.js';
import { VerificationSessionEntity } from './verification-session.entity.js';

/** Where a session stands, and which site it is of. */
interface StateAt {
  readonly site: string;
  readonly state: SessionStateAnswer;
}

/** Takes a wallet's answer to a session, and tells the shop where a session stands. */
@Injectable()
export class ResponseDesk {
  constructor(
    private readonly trust: TrustKeeper,
    private readonly memory: MemoryTransaction,
    private readonly desk: VerdictDesk,
    private readonly coupons: CouponBook,
    private readonly clock: Clock,
  ) {}

  /** The session with the offer it is for, as of now. @throws GatewayError NOT_FOUND, OFFER_UNKNOWN, SITE_MEMORY_UNAVAILABLE */
  async findOpen(id: string) {
    const session = await this.memory.run((manager) => find(manager, id));
    const offer = this.trust.current()?.offer(session.offer);
    if (offer === undefined) throw new GatewayError('OFFER_UNKNOWN');
    return { session, band: offer.payload.band };
  }

  /** Decides a wallet's answer. One proof is granted per session; the same again gets the same answer. @throws GatewayError NOT_FOUND, SITE_MEMORY_UNAVAILABLE */
  async answer(id: string, presentation: string): Promise<Answer> {
    const session = await this.memory.run((manager) => find(manager, id));
    const { site, partner, party, orderRef, clientId, nonce, offer, visitDay } = session;
    const presented = await this.desk.read(presentation, {
      place: { partner, site, lane: ONLINE, isAttended: false },
      party,
      day: visitDay ?? shanghaiDay(this.clock.now()),
      orderRef,
      expectation: { way: 'session', audience: clientId, nonce, offer },
    });
    return this.memory.run((manager) =>
      presented === undefined ? this.desk.turnAway(manager, site, 'stale') : this.settle(manager, id, presented),
    );
  }

  /** @throws GatewayError NOT_FOUND, SITE_MEMORY_UNAVAILABLE */
  stateOf(id: string): Promise<StateAt> {
    return this.memory.run((manager) => this.readState(manager, id));
  }

  private async readState(manager: EntityManager, id: string): Promise<StateAt> {
    const session = await find(manager, id);
    const { site, offer, orderRef, expiresAt, verificationId } = session;
    const facts = { id, offer, orderRef, expiresAt };
    if (verificationId === null) {
      const isOpen = this.clock.now() < expiresAt;
      return { site, state: { ...facts, state: isOpen ? 'open' : 'expired' } };
    }
    const verification = await manager.findOneByOrFail(VerificationEntity, { id: verificationId });
    if (verification.voidedAt !== null) return { site, state: { ...facts, state: 'voided' } };
    const { verdict, decision, granted: grant } = verification;
    if (decision === 'declined') return { site, state: { ...facts, state: 'declined' } };
    const coupon = await this.coupons.of(manager, verificationId);
    const decided = { verdict, ...(decision === null ? {} : { decision }) };
    const outcome = { ...decided, effect: grant.effect, grant, receipt: verificationId };
    return { site, state: { ...facts, state: 'decided', ...outcome, ...(coupon === undefined ? {} : { coupon }) } };
  }

  private async settle(manager: EntityManager, id: string, presented: Presented): Promise<Answer> {
    const session = await manager.findOneOrFail(VerificationSessionEntity, {
      where: { id },
      lock: { mode: 'pessimistic_write' },
    });
    const { handles, evidence, now } = presented;
    const isSpent = session.verificationId !== null;
    if (session.verificationId !== null && session.proof === handles.proof) {
      const again = await this.desk.tellAgain(manager, session.verificationId, evidence.person);
      if (again !== undefined) return again;
    }
    if (!isSpent && now >= session.expiresAt) return this.desk.turnAway(manager, session.site, 'retry');
    const answer = await this.desk.decide(manager, presented, isSpent);
    if (answer.grant !== undefined && !answer.repeat)
      await manager.update(VerificationSessionEntity, { id }, { verificationId: answer.id, proof: handles.proof });
    return answer;
  }
}

async function find(manager: EntityManager, id: string): Promise<VerificationSessionEntity> {
  const session = await manager.findOneBy(VerificationSessionEntity, { id });
  if (session === null) throw new GatewayError('NOT_FOUND');
  return session;
}
