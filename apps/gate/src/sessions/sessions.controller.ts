import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  HttpStatus,
  Inject,
  Param,
  ParseUUIDPipe,
  Post,
  Res,
} from '@nestjs/common';
import { ApiConsumes, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Problems, PublicRoute } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { GATE_CONFIG, type GateConfig } from '../gate.config.js';
import { GATE_MANAGER, SHOP } from '../gate-roles.js';
import { requireScope, SiteDirectory } from '../sites/site-directory.js';
import { verdictAnswer, VerdictAnswer } from '../verifications/verdict-answer.js';
import { presentationRequest, type PresentationRequest } from './presentation-request.js';
import { readVpToken } from './read-vp-token.js';
import { ResponseDesk } from './response-desk.js';
import { SessionDesk } from './session-desk.js';
import { OfferVerdictAnswer, OpenedVerificationAnswer, SessionRequest, SessionStateAnswer } from './session.dto.js';

@ApiTags('verification sessions')
@Controller('v1/verification-sessions')
export class SessionsController {
  constructor(
    private readonly sites: SiteDirectory,
    private readonly sessions: SessionDesk,
    private readonly responses: ResponseDesk,
    @Inject(GATE_CONFIG) private readonly config: GateConfig,
  ) {}

  @Post()
  @Roles(SHOP, GATE_MANAGER)
  @Problems(
    'SITE_UNKNOWN',
    'SITE_OUT_OF_SCOPE',
    'OFFER_UNKNOWN',
    'VISIT_DAY_PAST',
    'ORDER_REF_REUSED',
    'SITE_MEMORY_UNAVAILABLE',
  )
  @ApiOperation({ summary: 'Open a session for one order; the offer itself is decided first' })
  @ApiCreatedResponse({ type: OpenedVerificationAnswer })
  @ApiOkResponse({ type: OfferVerdictAnswer, description: 'The offer cannot be had' })
  async open(
    @Body() request: SessionRequest,
    @CurrentStaff() staff: Staff,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OpenedVerificationAnswer | OfferVerdictAnswer> {
    const answer = await this.sessions.open(this.sites.onlineFor(staff, request.site), request);
    void reply.status('verdict' in answer ? HttpStatus.OK : HttpStatus.CREATED);
    return answer;
  }

  @Get(':id')
  @Roles(SHOP, GATE_MANAGER)
  @Problems('NOT_FOUND', 'SITE_OUT_OF_SCOPE', 'SITE_MEMORY_UNAVAILABLE')
  @ApiOperation({ summary: 'Where a session stands' })
  @ApiOkResponse({ type: SessionStateAnswer })
  async state(@Param('id', ParseUUIDPipe) id: string, @CurrentStaff() staff: Staff): Promise<SessionStateAnswer> {
    const { site, state } = await this.responses.stateOf(id);
    requireScope(staff, site);
    return state;
  }

  @Get(':id/request')
  @PublicRoute()
  @Header('cache-control', 'no-store')
  @Problems('NOT_FOUND', 'OFFER_UNKNOWN', 'SITE_MEMORY_UNAVAILABLE')
  @ApiOperation({ summary: 'What a wallet is asked (OpenID4VP 1.0, unsigned request)' })
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: true } })
  async request(@Param('id', ParseUUIDPipe) id: string): Promise<PresentationRequest> {
    const { session, band } = await this.responses.findOpen(id);
    return presentationRequest(session, band, this.config.federationId);
  }

  @Post(':id/response')
  @HttpCode(200)
  @PublicRoute()
  @Header('cache-control', 'no-store')
  @Problems('NOT_FOUND', 'SITE_MEMORY_UNAVAILABLE', 'BODY_INVALID', 'MEDIA_TYPE_UNSUPPORTED')
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @ApiOperation({ summary: "A wallet's answer: vp_token {tier: [presentation]}, as JSON or as direct_post sends it" })
  @ApiOkResponse({ type: VerdictAnswer })
  async respond(@Param('id', ParseUUIDPipe) id: string, @Body() body: unknown): Promise<VerdictAnswer> {
    return verdictAnswer(await this.responses.answer(id, readVpToken(body)));
  }
}
