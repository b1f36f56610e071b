import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rebateFen } from '#libs/offers';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff } from '#libs/staff';
import type { Grant } from '#libs/verifier';
import { MemoryTransaction } from '../site-memory/memory-transaction.js';
import { requireScope } from '../sites/site-directory.js';
import { CouponEntity } from './coupon.entity.js';

export interface Coupon {
  readonly code: string;
  readonly percent: number;
  /** Absent: good for any one order. */
  readonly orderRef?: string;
  /** Of a cashback that has been redeemed: what is paid back. */
  readonly rebateFen?: number;
}

/** What a shop redeems a coupon for. */
export interface Redeemed {
  readonly orderRef: string;
  /** What the order came to, of a cashback. */
  readonly paidFen?: number | undefined;
}

/** Letters and digits that nobody takes for one another (Crockford's base 32): 60 bits in twelve. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUPS = 3;
const GROUP_CHARS = 4;

/** Makes, redeems and voids one-use coupons. */
@Injectable()
export class CouponBook {
  constructor(
    private readonly transaction: MemoryTransaction,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** Makes the coupon that a grant comes to; `undefined` where its effect is none. Call it once what is granted is final. */
  async makeFor(
    manager: EntityManager,
    {
      id: verificationId,
      site,
      grant: { effect },
    }: { readonly id: string; readonly site: string; readonly grant: Grant },
    orderRef: string | undefined,
  ): Promise<Coupon | undefined> {
    if (effect.kind !== 'coupon' && effect.kind !== 'cashback') return undefined;
    const { kind, percent } = effect;
    const coupon = { code: randomCode(), kind, percent, orderRef: orderRef ?? null, rebateFen: null };
    const blank = { redeemedAt: null, redeemedOrder: null, paidFen: null, voidedAt: null };
    await manager.insert(CouponEntity, { ...coupon, ...blank, verificationId, site });
    return couponOf(coupon);
  }

  async of(manager: EntityManager, verificationId: string): Promise<Coupon | undefined> {
    const found = await manager.findOneBy(CouponEntity, { verificationId });
    return found === null ? undefined : couponOf(found);
  }

  /**
   * Redeems a coupon for an order, once: one that lowers the price with the order, a cashback after the purchase.
   * @throws GatewayError COUPON_UNKNOWN, SITE_OUT_OF_SCOPE, BODY_INVALID, COUPON_VOIDED, COUPON_USED, COUPON_OTHER_ORDER, SITE_MEMORY_UNAVAILABLE
   */
  async redeem(code: string, { orderRef, paidFen }: Redeemed, staff: Staff): Promise<Coupon> {
    return this.transaction.run(async (manager) => {
      const coupon = await this.hold(manager, { code: code.toUpperCase() });
      if (coupon === null) throw new GatewayError('COUPON_UNKNOWN');
      requireScope(staff, coupon.site);
      if ((paidFen === undefined) === (coupon.kind === 'cashback'))
        throw new GatewayError('BODY_INVALID', { fields: [PAID_OF_A_CASHBACK] });
      if (coupon.voidedAt !== null) throw new GatewayError('COUPON_VOIDED');
      if (coupon.redeemedAt !== null) throw new GatewayError('COUPON_USED');
      if (coupon.orderRef !== null && coupon.orderRef !== orderRef) throw new GatewayError('COUPON_OTHER_ORDER');
      const settled = {
        redeemedAt: this.clock.now(),
        redeemedOrder: orderRef,
        paidFen: paidFen ?? null,
        rebateFen: paidFen === undefined ? null : rebateFen(coupon, paidFen),
      };
      await manager.update(CouponEntity, { code: coupon.code }, settled);
      const target = coupon.verificationId;
      await this.audit.record(manager, { actor: staff.username, action: 'coupon.redeemed', target });
      return couponOf({ code: coupon.code, percent: coupon.percent, orderRef: coupon.orderRef, ...settled });
    });
  }

  /** Voids the coupon of a grant that is taken back, if there is one. @throws GatewayError COUPON_USED */
  async void(manager: EntityManager, verificationId: string): Promise<void> {
    const coupon = await this.hold(manager, { verificationId });
    if (coupon === null) return;
    if (coupon.redeemedAt !== null) throw new GatewayError('COUPON_USED');
    await manager.update(CouponEntity, { code: coupon.code }, { voidedAt: this.clock.now() });
  }

  private hold(manager: EntityManager, where: Partial<Pick<CouponEntity, 'code' | 'verificationId'>>) {
    return manager.findOne(CouponEntity, { where, lock: { mode: 'pessimistic_write' } });
  }
}

const PAID_OF_A_CASHBACK = { path: '/paidFen', message: 'what the order came to, for a cashback and for nothing else' };

type Told = Pick<CouponEntity, 'code' | 'percent' | 'orderRef' | 'rebateFen'>;

function couponOf({ code, percent, orderRef, rebateFen: back }: Told): Coupon {
  return { code, percent, ...(orderRef === null ? {} : { orderRef }), ...(back === null ? {} : { rebateFen: back }) };
}

function randomCode(): string {
  return Array.from({ length: GROUPS }, randomGroup).join('-');
}

function randomGroup(): string {
  return Array.from({ length: GROUP_CHARS }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
