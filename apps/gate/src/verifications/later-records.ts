import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff } from '#libs/staff';
import { CouponBook, type Coupon } from '../coupons/coupon-book.js';
import { DailyCounter } from '../daily-counts/daily-counts.js';
import { ReceiptBook } from '../receipts/receipt-book.js';
import { VerificationEntity } from '../receipts/verification.entity.js';
import { MemoryTransaction } from '../site-memory/memory-transaction.js';
import { SiteMemory } from '../site-memory/site-memory.js';
import { requireScope } from '../sites/site-directory.js';
import type { DecisionAnswer, VoidAnswer } from './later-records.dto.js';

/** What is signed about a verification after it was decided: a clerk's decision, and a void. Each once; again gives the same. */
@Injectable()
export class LaterRecords {
  constructor(
    private readonly transaction: MemoryTransaction,
    private readonly receipts: ReceiptBook,
    private readonly memory: SiteMemory,
    private readonly coupons: CouponBook,
    private readonly counter: DailyCounter,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes a grant back: frees the use, voids an unused coupon, settles as a negative count on the day of the void.
   * @throws GatewayError NOT_FOUND, SITE_OUT_OF_SCOPE, COUPON_USED, VERIFICATION_DECLINED, SITE_MEMORY_UNAVAILABLE
   */
  async void(id: string, reason: string, staff: Staff): Promise<VoidAnswer> {
    return this.transaction.run(async (manager) => {
      const verification = await this.receipts.hold(manager, id);
      const { partner, site, offer, voidedAt, voidRecord, decision, verdict, counted } = verification;
      requireScope(staff, site);
      if (voidedAt !== null && voidRecord !== null) return { id, voidedAt, record: voidRecord };
      if (decision === 'declined') throw new GatewayError('VERIFICATION_DECLINED');
      await this.coupons.void(manager, id);
      await this.memory.free(manager, id);
      const now = this.clock.now();
      const record = await this.receipts.sign(partner, { kind: 'void', jti: randomUUID(), iat: now, voids: id });
      await manager.update(VerificationEntity, { id }, { voidedAt: now, voidReason: reason, voidRecord: record });
      // What a clerk has not decided yet was never counted as a grant.
      const isSettled = verdict === 'granted' || decision === 'accepted';
      if (counted && isSettled) await this.counter.addForOffer(manager, site, offer, 'voided');
      await this.audit.record(manager, { actor: staff.username, action: 'verification.voided', target: id });
      return { id, voidedAt: now, record };
    });
  }

  /**
   * Records what the clerk decided on a `check_by_hand`: only an accepted one comes to a coupon; a decline frees the use.
   * @throws GatewayError NOT_FOUND, SITE_OUT_OF_SCOPE, DECISION_NOT_ASKED, DECISION_MADE, VERIFICATION_VOIDED, SITE_MEMORY_UNAVAILABLE
   */
  async decide(id: string, decision: 'accepted' | 'declined', staff: Staff): Promise<DecisionAnswer> {
    return this.transaction.run(async (manager) => {
      const verification = await this.receipts.hold(manager, id);
      const { partner, site, offer, verdict, counted, granted: grant } = verification;
      const { voidedAt, decisionAt, decisionRecord } = verification;
      requireScope(staff, site);
      if (verdict !== 'check_by_hand') throw new GatewayError('DECISION_NOT_ASKED');
      if (voidedAt !== null) throw new GatewayError('VERIFICATION_VOIDED');
      if (decisionAt !== null && decisionRecord !== null) {
        if (verification.decision !== decision) throw new GatewayError('DECISION_MADE');
        return answerOf(id, decision, decisionAt, decisionRecord, await this.coupons.of(manager, id));
      }
      const now = this.clock.now();
      const record = await this.receipts.sign(partner, {
        kind: 'clerk_decision',
        jti: randomUUID(),
        iat: now,
        decides: id,
        decision,
      });
      await manager.update(VerificationEntity, { id }, { decision, decisionAt: now, decisionRecord: record });
      if (decision === 'declined') await this.memory.free(manager, id);
      const isEarned = decision === 'accepted' && counted;
      const coupon = isEarned
        ? await this.coupons.makeFor(manager, { id, site, grant }, await this.receipts.orderRefOf(verification))
        : undefined;
      if (counted || decision === 'declined') await this.counter.addForOffer(manager, site, offer, decision);
      const detail = { decision };
      await this.audit.record(manager, { actor: staff.username, action: 'verification.decided', target: id, detail });
      return answerOf(id, decision, now, record, coupon);
    });
  }
}

function answerOf(
  id: string,
  decision: 'accepted' | 'declined',
  decidedAt: number,
  record: string,
  coupon: Coupon | undefined,
): DecisionAnswer {
  return { id, decision, decidedAt, record, ...(coupon === undefined ? {} : { coupon }) };
}
