import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsISO8601, IsObject, IsOptional, Matches, Max, Min, ValidateNested } from 'class-validator';
import { VERDICT_CODES, type Grant, type VerdictCode } from '#libs/verifier';
import type { Effect } from '#libs/offers';
import { PlainText } from '../plain-text.decorator.js';
import { CouponAnswer } from '../coupons/coupons.controller.js';

class PartyRequest {
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 200 })
  @IsInt()
  @Min(0)
  @Max(200)
  adults!: number;

  @ApiProperty({ type: 'integer', minimum: 0, maximum: 200 })
  @IsInt()
  @Min(0)
  @Max(200)
  children!: number;

  @ApiProperty({ type: 'integer', minimum: 0, maximum: 200 })
  @IsInt()
  @Min(0)
  @Max(200)
  seniors!: number;
}

export class SessionRequest {
  @PlainText(200)
  site!: string;

  @PlainText(200)
  offer!: string;

  @PlainText(100, "The shop's own reference of the order; the same one gives the same session")
  orderRef!: string;

  @ApiProperty({ type: PartyRequest })
  @IsObject()
  @ValidateNested()
  @Type(() => PartyRequest)
  party!: PartyRequest;

  @ApiProperty({ format: 'date', required: false, description: 'Asia/Shanghai; today unless told' })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  @IsISO8601({ strict: true })
  visitDay?: string;
}

/** Where the session stands open: what the shop passes on. */
export class OpenedVerificationAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ description: 'What a key-binding JWT must name as its audience' })
  clientId!: string;

  @ApiProperty()
  nonce!: string;

  @ApiProperty({ description: 'Where a wallet reads the request' })
  requestUri!: string;

  @ApiProperty({ description: 'What a phone opens or scans' })
  link!: string;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  expiresAt!: number;
}

/** The offer cannot be had: decided before anybody shows anything. */
export class OfferVerdictAnswer {
  @ApiProperty({ enum: ['not_available', 'stale'] })
  verdict!: 'not_available' | 'stale';
}

export class SessionStateAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  offer!: string;

  @ApiProperty()
  orderRef!: string;

  @ApiProperty({
    enum: ['open', 'expired', 'decided', 'declined', 'voided'],
    description: '`declined`: a clerk compared the document and declined; nothing is granted',
  })
  state!: 'open' | 'expired' | 'decided' | 'declined' | 'voided';

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  expiresAt!: number;

  @ApiProperty({
    enum: VERDICT_CODES,
    required: false,
    description: 'Once decided: an answer that was no grant is not kept',
  })
  verdict?: VerdictCode;

  @ApiProperty({
    enum: ['accepted'],
    required: false,
    description: 'Absent with `check_by_hand`: the clerk is awaited',
  })
  decision?: 'accepted';

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  effect?: Effect;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  grant?: Grant;

  @ApiProperty({ type: CouponAnswer, required: false })
  coupon?: CouponAnswer;

  @ApiProperty({ format: 'uuid', required: false })
  receipt?: string;
}
