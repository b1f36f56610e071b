import { Column, Entity, PrimaryColumn } from 'typeorm';
import { UNIX_SECONDS_OR_NULL } from '../unix-seconds.column.js';

/** A one-use code that a granted offer of kind `coupon` or `cashback` came to. */
@Entity('coupon')
export class CouponEntity {
  @PrimaryColumn('text')
  code!: string;

  @Column('uuid', { name: 'verification_id' })
  verificationId!: string;

  @Column('text')
  site!: string;

  @Column('text')
  kind!: 'coupon' | 'cashback';

  @Column('smallint')
  percent!: number;

  /** The order it is good for; null for one that was granted at a lane and is good for any one order. */
  @Column('text', { name: 'order_ref', nullable: true })
  orderRef!: string | null;

  @Column({ ...UNIX_SECONDS_OR_NULL, name: 'redeemed_at' })
  redeemedAt!: number | null;

  @Column('text', { name: 'redeemed_order', nullable: true })
  redeemedOrder!: string | null;

  /** What the order of a cashback came to, and what is paid back. */
  @Column('integer', { name: 'paid_fen', nullable: true })
  paidFen!: number | null;

  @Column('integer', { name: 'rebate_fen', nullable: true })
  rebateFen!: number | null;

  @Column({ ...UNIX_SECONDS_OR_NULL, name: 'voided_at' })
  voidedAt!: number | null;
}
