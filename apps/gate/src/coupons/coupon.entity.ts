import { Column, Entity, PrimaryColumn } from 'typeorm';
import { UNIX_SECONDS_OR_NULL } from '../unix-seconds.column.js';

/** A one-use code that a granted offer of kind `coupon` came to. */
@Entity('coupon')
export class CouponEntity {
  @PrimaryColumn('text')
  code!: string;

  @Column('uuid', { name: 'verification_id' })
  verificationId!: string;

  @Column('text')
  site!: string;

  @Column('smallint')
  percent!: number;

  /** The order it is good for; null for one that was granted at a lane and is good for any one order. */
  @Column('text', { name: 'order_ref', nullable: true })
  orderRef!: string | null;

  @Column({ ...UNIX_SECONDS_OR_NULL, name: 'redeemed_at' })
  redeemedAt!: number | null;

  @Column('text', { name: 'redeemed_order', nullable: true })
  redeemedOrder!: string | null;

  @Column({ ...UNIX_SECONDS_OR_NULL, name: 'voided_at' })
  voidedAt!: number | null;
}
