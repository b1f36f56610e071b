import { Body, Controller, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { GATE_MANAGER, LANE, SHOP } from '../gate-roles.js';
import { SiteDirectory } from '../sites/site-directory.js';
import { DecisionAnswer, DecisionRequest, VoidAnswer, VoidRequest } from './later-records.dto.js';
import { LaterRecords } from './later-records.js';
import { ScanDesk } from './scan-desk.js';
import { VERIFICATION_REQUEST, type VerificationRequest } from './verification-request.schema.js';
import { verdictAnswer, VerdictAnswer } from './verdict-answer.js';

@ApiTags('verifications')
@Controller('v1/verifications')
export class VerificationsController {
  constructor(
    private readonly sites: SiteDirectory,
    private readonly desk: ScanDesk,
    private readonly records: LaterRecords,
  ) {}

  @Post()
  @HttpCode(200)
  @Roles(LANE, GATE_MANAGER)
  @RouteSchema({ body: VERIFICATION_REQUEST })
  @Problems('SITE_UNKNOWN', 'SITE_OUT_OF_SCOPE', 'LANE_UNKNOWN', 'OFFER_UNKNOWN', 'SITE_MEMORY_UNAVAILABLE')
  @ApiOperation({ summary: 'Verify what a visitor shows at a lane' })
  @ApiOkResponse({ type: VerdictAnswer })
  async verify(@Body() request: VerificationRequest, @CurrentStaff() staff: Staff): Promise<VerdictAnswer> {
    const place = this.sites.laneFor(staff, request.site, request.lane);
    return verdictAnswer(await this.desk.scan(place, request.presentation, request.party));
  }

  @Post(':id/void')
  @HttpCode(200)
  @Roles(GATE_MANAGER, SHOP)
  @Problems('NOT_FOUND', 'SITE_OUT_OF_SCOPE', 'COUPON_USED', 'VERIFICATION_DECLINED', 'SITE_MEMORY_UNAVAILABLE')
  @ApiOperation({ summary: 'Take a grant back: frees the use, settles as a negative count' })
  @ApiOkResponse({ type: VoidAnswer })
  void(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { reason }: VoidRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<VoidAnswer> {
    return this.records.void(id, reason, staff);
  }

  @Post(':id/decisions')
  @HttpCode(200)
  @Roles(LANE, GATE_MANAGER)
  @Problems(
    'NOT_FOUND',
    'SITE_OUT_OF_SCOPE',
    'DECISION_NOT_ASKED',
    'DECISION_MADE',
    'VERIFICATION_VOIDED',
    'SITE_MEMORY_UNAVAILABLE',
  )
  @ApiOperation({ summary: "The clerk's decision after comparing the document" })
  @ApiOkResponse({ type: DecisionAnswer })
  decide(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { decision }: DecisionRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<DecisionAnswer> {
    return this.records.decide(id, decision, staff);
  }
}
