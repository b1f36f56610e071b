import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { VERDICT_CODES, type Grant, type VerdictCode } from '#libs/verifier';
import type { MaskedPerson } from '#libs/attestation';
import type { Effect } from '#libs/offers';
import { CouponAnswer } from '../coupons/coupons.controller.js';
import type { Coupon } from '../coupons/coupon-book.js';
import type { Answer } from './verdict-desk.js';

/** What a lane, a shop or a wallet is told: a code, and with a grant what it comes to. */
export class VerdictAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: VERDICT_CODES })
  verdict!: VerdictCode;

  @ApiProperty({ description: 'The answer to a code scanned again; not counted' })
  repeat!: boolean;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  effect?: Effect;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'offer, band, effect, price, issuer, scheme, attestedOn',
  })
  grant?: Grant;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Masked name and last four of the document a clerk compares (check_by_hand)',
  })
  person?: MaskedPerson;

  @ApiProperty({ type: CouponAnswer, required: false })
  coupon?: Coupon;

  @ApiProperty({ format: 'uuid', required: false })
  receipt?: string;
}

export function verdictAnswer({ id, verdict, repeat, grant, person, coupon }: Answer): VerdictAnswer {
  return {
    id,
    verdict,
    repeat,
    ...(grant === undefined ? {} : { effect: grant.effect, grant, receipt: id }),
    ...(person === undefined ? {} : { person }),
    ...(coupon === undefined ? {} : { coupon }),
  };
}
