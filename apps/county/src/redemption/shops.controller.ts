import { Body, Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { Funds } from './funds.service.js';
import {
  CountedAnswer,
  CountRequest,
  DeliveredAnswer,
  DeliveryRequest,
  FundAnswer,
  FundStateAnswer,
  InflowRequest,
  ShopAnswer,
} from './shops.dto.js';
import { Shops } from './shops.service.js';
import { Stock } from './stock.service.js';

@ApiTags('redemption')
@Controller('v1/admin')
export class ShopsController {
  constructor(
    private readonly shops: Shops,
    private readonly stock: Stock,
    private readonly funds: Funds,
  ) {}

  @Get('schemes/:scheme/shop')
  @Header('cache-control', 'no-store')
  @Roles('shopkeeper', 'manager', 'auditor')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: "What a scheme's shop sells today, what is on the shelf, and the funds behind it" })
  @ApiOkResponse({ type: ShopAnswer })
  read(@Param('scheme') scheme: string, @CurrentStaff() staff: Staff): Promise<ShopAnswer> {
    return this.shops.read(scheme, staff);
  }

  @Post('stock/deliveries')
  @HttpCode(200)
  @Roles('shopkeeper', 'manager')
  @Problems(
    'ENTRY_SCHEME_UNKNOWN',
    'PLACE_OUT_OF_SCOPE',
    'REDEMPTION_CLOSED',
    'ITEM_UNKNOWN',
    'FUND_UNKNOWN',
    'FUND_INSUFFICIENT',
    'KEY_REUSED',
  )
  @ApiOperation({ summary: 'Put goods on the shelf; the fund pays' })
  @ApiOkResponse({ type: DeliveredAnswer })
  deliver(@Body() delivery: DeliveryRequest, @CurrentStaff() staff: Staff): Promise<DeliveredAnswer> {
    return this.stock.deliver(delivery, staff);
  }

  @Post('stock/counts')
  @HttpCode(200)
  @Roles('shopkeeper', 'manager')
  @Problems('ENTRY_SCHEME_UNKNOWN', 'PLACE_OUT_OF_SCOPE', 'ITEM_UNKNOWN', 'VARIANCE_UNEXPLAINED', 'KEY_REUSED')
  @ApiOperation({ summary: 'Take what was counted for what is there' })
  @ApiOkResponse({ type: CountedAnswer })
  count(@Body() count: CountRequest, @CurrentStaff() staff: Staff): Promise<CountedAnswer> {
    return this.stock.count(count, staff);
  }

  @Post('funds/inflows')
  @HttpCode(200)
  @Roles('manager')
  @Problems(
    'ENTRY_SCHEME_UNKNOWN',
    'PLACE_OUT_OF_SCOPE',
    'REDEMPTION_CLOSED',
    'FUND_UNKNOWN',
    'INFLOW_NOT_BY_FUND',
    'FUND_INSUFFICIENT',
    'KEY_REUSED',
  )
  @ApiOperation({ summary: 'Pay into a fund what its document lets flow in' })
  @ApiOkResponse({ type: FundStateAnswer })
  payIn(@Body() inflow: InflowRequest, @CurrentStaff() staff: Staff): Promise<FundStateAnswer> {
    return this.funds.payIn(inflow, staff);
  }

  @Get('schemes/:scheme/funds/:fund')
  @Header('cache-control', 'no-store')
  @Roles('shopkeeper', 'manager', 'auditor')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'A fund and everything that moved it' })
  @ApiOkResponse({ type: FundAnswer })
  fund(
    @Param('scheme') scheme: string,
    @Param('fund') fund: string,
    @CurrentStaff() staff: Staff,
  ): Promise<FundAnswer> {
    return this.funds.read(scheme, fund, staff);
  }
}
