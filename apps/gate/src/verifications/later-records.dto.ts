import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { CouponAnswer } from '../coupons/coupons.controller.js';
import { PlainText } from '../plain-text.decorator.js';

export class VoidRequest {
  @PlainText(200, 'Why, in words; no personal data')
  reason!: string;
}

export class VoidAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  voidedAt!: number;

  @ApiProperty({ description: 'Compact JWS, typ xinqiao-receipt+jwt, kind void' })
  record!: string;
}

export class DecisionRequest {
  @ApiProperty({ enum: ['accepted', 'declined'] })
  @IsIn(['accepted', 'declined'])
  decision!: 'accepted' | 'declined';
}

export class DecisionAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: ['accepted', 'declined'] })
  decision!: 'accepted' | 'declined';

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  decidedAt!: number;

  @ApiProperty({ description: 'Compact JWS, typ xinqiao-receipt+jwt, kind clerk_decision' })
  record!: string;

  @ApiProperty({ type: CouponAnswer, required: false, description: 'What an accepted grant of kind coupon comes to' })
  coupon?: CouponAnswer;
}
