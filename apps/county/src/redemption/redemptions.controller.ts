import { Body, Controller, Header, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { CardCodes } from './card-codes.service.js';
import {
  CardUseRequest,
  ReceiptAnswer,
  RedemptionRequest,
  ReturnedAnswer,
  ReturnRequest,
  UsedCardAnswer,
} from './redemptions.dto.js';
import { Redemptions } from './redemptions.service.js';
import { Returns } from './returns.service.js';

@ApiTags('redemption')
@Controller('v1/admin')
export class RedemptionsController {
  constructor(
    private readonly redemptions: Redemptions,
    private readonly returns: Returns,
    private readonly codes: CardCodes,
  ) {}

  @Post('redemptions')
  @Roles('shopkeeper', 'manager')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Problems(
    'ENTRY_SCHEME_UNKNOWN',
    'PLACE_OUT_OF_SCOPE',
    'REDEMPTION_CLOSED',
    'DAY_NOT_TODAY',
    'NOT_INVITED',
    'AREA_DIFFERENT',
    'AREA_PRICE_DIFFERS',
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

  @Post('redemptions/:redemption/returns')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Roles('shopkeeper', 'manager')
  @Problems('NOT_FOUND', 'RETURN_TOO_MANY', 'CODE_USED', 'CONFLICT', 'KEY_REUSED')
  @ApiOperation({ summary: 'Take things back: points and pieces go where they came from' })
  @ApiOkResponse({ type: ReturnedAnswer })
  giveBack(
    @Param('redemption', ParseUUIDPipe) redemption: string,
    @Body() back: ReturnRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<ReturnedAnswer> {
    return this.returns.take(redemption, back, staff);
  }

  @Post('card-codes/uses')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Roles('provider')
  @Problems('NOT_FOUND', 'CODE_USED', 'KEY_REUSED')
  @ApiOperation({ summary: 'Take a one-time code for what it stands for' })
  @ApiOkResponse({ type: UsedCardAnswer })
  use(@Body() card: CardUseRequest, @CurrentStaff() staff: Staff): Promise<UsedCardAnswer> {
    return this.codes.use(card, staff);
  }
}
