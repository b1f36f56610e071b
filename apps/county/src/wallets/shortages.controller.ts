import { Body, Controller, Get, Header, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { SettleShortageRequest, ShortageAnswer, ShortagesAnswer, ShortagesQuery } from './shortages.dto.js';
import { Shortages } from './shortages.service.js';

@ApiTags('wallets')
@Controller('v1/admin/shortages')
export class ShortagesController {
  constructor(private readonly shortages: Shortages) {}

  @Get()
  @Header('cache-control', 'no-store')
  @Roles('manager', 'auditor')
  @ApiOperation({ summary: 'The shortage register: points that no wallet covers' })
  @ApiOkResponse({ type: ShortagesAnswer })
  async open(@Query() { scheme }: ShortagesQuery, @CurrentStaff() staff: Staff): Promise<ShortagesAnswer> {
    return { shortages: await this.shortages.open(scheme, staff) };
  }

  @Post('settlements')
  @HttpCode(200)
  @Roles('manager')
  @Problems('NOT_FOUND', 'SHORTAGE_SMALLER', 'POSTING_DIFFERS')
  @ApiOperation({ summary: 'Settle a shortage or part of it, with the reason; repeating a request changes nothing' })
  @ApiOkResponse({ type: ShortageAnswer })
  settle(@Body() settlement: SettleShortageRequest, @CurrentStaff() staff: Staff): Promise<ShortageAnswer> {
    return this.shortages.settle(settlement, staff);
  }
}
