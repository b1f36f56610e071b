import { ApiProperty } from '@nestjs/swagger';
import { CouponAnswer } from '../coupons/coupons.controller.js';
import { IsIn, IsString, MaxLength, MinLength } from 'class-validator';

export class VoidRequest {
  @ApiProperty({ maxLength: 200, description: 'Why, in words; no personal data' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
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
