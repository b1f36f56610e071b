import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { ReceiptAnswer, RedemptionRequest } from './redemptions.dto.js';
import { Redemptions } from './redemptions.service.js';

@ApiTags('redemption')
@Controller('v1/admin/redemptions')
@Roles('shopkeeper', 'manager')
export class RedemptionsController {
  constructor(private readonly redemptions: Redemptions) {}

  @Post()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Problems(
    'ENTRY_SCHEME_UNKNOWN',
    'PLACE_OUT_OF_SCOPE',
    'REDEMPTION_CLOSED',
    'NOT_INVITED',
    'AREA_DIFFERENT',
    'ITEM_UNKNOWN',
    'SUBJECT_UNKNOWN',
    'SUBJECT_ENDED',
    'PROXY_NOT_ALLOWED',
    'WALLET_INSUFFICIENT',
    'STOCK_INSUFFICIENT',
    'LIMIT_EXCEEDED',
    'KEY_REUSED',
  )
  @ApiOperation({ summary: 'Sell for points; repeating a request changes nothing' })
  @ApiOkResponse({ type: ReceiptAnswer })
  sell(@Body() order: RedemptionRequest, @CurrentStaff() staff: Staff): Promise<ReceiptAnswer> {
    return this.redemptions.sell(order, staff);
  }
}
