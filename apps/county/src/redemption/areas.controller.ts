import { Body, Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { ClearedAnswer, ClearingAnswer, ClearRequest } from './areas.dto.js';
import { Areas } from './areas.service.js';

@ApiTags('redemption')
@Controller('v1/admin/areas')
export class AreasController {
  constructor(private readonly areas: Areas) {}

  @Get(':area/clearing')
  @Header('cache-control', 'no-store')
  @Roles('manager', 'auditor')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'What the funds of an area owe one another for points spent outside their village' })
  @ApiOkResponse({ type: ClearingAnswer })
  read(@Param('area') area: string, @CurrentStaff() staff: Staff): Promise<ClearingAnswer> {
    return this.areas.read(area, staff);
  }

  @Post(':area/clearings')
  @HttpCode(200)
  @Roles('manager')
  @Problems('NOT_FOUND', 'KEY_REUSED')
  @ApiOperation({ summary: 'Settle what is open' })
  @ApiOkResponse({ type: ClearedAnswer })
  clear(
    @Param('area') area: string,
    @Body() { key }: ClearRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<ClearedAnswer> {
    return this.areas.clear(area, key, staff);
  }
}
