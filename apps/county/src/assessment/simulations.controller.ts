import { Body, Controller, Header, HttpCode, Param, ParseIntPipe, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { SimulationAnswer, SimulationRequest } from './simulations.dto.js';
import { Simulations } from './simulations.service.js';

@ApiTags('schemes')
@Controller('v1/admin/schemes/drafts')
export class SimulationsController {
  constructor(private readonly simulations: Simulations) {}

  @Post(':id/versions/:version/simulations')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Roles('manager')
  @Problems('NOT_FOUND', 'SCHEME_INVALID', 'PLACE_OUT_OF_SCOPE', 'ASSESSMENT_PERIOD_INVALID', 'ASSESSMENT_TOO_LARGE')
  @ApiOperation({ summary: "What a draft would make of a period's entries, beside what the version in force makes" })
  @ApiOkResponse({ type: SimulationAnswer })
  simulate(
    @Param('id') id: string,
    @Param('version', ParseIntPipe) version: number,
    @Body() { period }: SimulationRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<SimulationAnswer> {
    return this.simulations.simulate({ id, version, period }, staff);
  }
}
