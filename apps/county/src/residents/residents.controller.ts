import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { RecordedAnswer, RecordResidentsRequest } from './residents.dto.js';
import { Residents } from './residents.service.js';

@ApiTags('residents')
@Controller('v1/admin/residents')
export class ResidentsController {
  constructor(private readonly residents: Residents) {}

  @Post()
  @HttpCode(200)
  @Roles('registrar')
  @Problems('PLACE_OUT_OF_SCOPE', 'RESIDENT_MINOR', 'RESIDENT_DIFFERS')
  @ApiOperation({ summary: 'Record up to 500 adult residents, all or none; repeating a request changes nothing' })
  @ApiOkResponse({ type: RecordedAnswer })
  record(@Body() { residents }: RecordResidentsRequest, @CurrentStaff() staff: Staff): Promise<RecordedAnswer> {
    return this.residents.record(residents, staff);
  }
}
