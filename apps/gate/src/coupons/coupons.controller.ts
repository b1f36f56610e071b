import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { SHOP } from '../gate-roles.js';
import { PlainText } from '../plain-text.decorator.js';
import { CouponBook, type Coupon } from './coupon-book.js';

/** Ten million yuan. */
const MAX_PAID_FEN = 1_000_000_000;

class RedemptionRequest {
  @PlainText(100)
  orderRef!: string;

  @ApiProperty({
    type: 'integer',
    required: false,
    description: 'What the order came to; of a cashback, and only then',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_PAID_FEN)
  paidFen?: number;
}

class CouponPath {
  @PlainText(40)
  code!: string;
}

export class CouponAnswer {
  @ApiProperty({ example: '7K3M-Q0VD-82TX' })
  code!: string;

  @ApiProperty({ type: 'integer' })
  percent!: number;

  @ApiProperty({ required: false, description: 'The one order it is good for; absent: any one order' })
  orderRef?: string;

  @ApiProperty({ type: 'integer', required: false, description: 'Of a cashback once redeemed: what is paid back' })
  rebateFen?: number;
}

@ApiTags('coupons')
@Controller('v1/coupons')
export class CouponsController {
  constructor(private readonly coupons: CouponBook) {}

  @Post(':code/redemptions')
  @HttpCode(200)
  @Roles(SHOP)
  @Problems(
    'BODY_INVALID',
    'COUPON_UNKNOWN',
    'COUPON_USED',
    'COUPON_OTHER_ORDER',
    'COUPON_VOIDED',
    'SITE_OUT_OF_SCOPE',
    'SITE_MEMORY_UNAVAILABLE',
  )
  @ApiOperation({ summary: 'Redeem a coupon for an order, once; a cashback after the purchase' })
  @ApiOkResponse({ type: CouponAnswer })
  redeem(
    @Param() { code }: CouponPath,
    @Body() redeemed: RedemptionRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<Coupon> {
    return this.coupons.redeem(code, redeemed, staff);
  }
}
