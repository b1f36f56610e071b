import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { DigestParameter, SignatureRequest } from '../documents/documents.dto.js';
import { AUDITOR, OFFICER, REGISTRAR } from '../roles.js';
import { DraftRoundRequest, RoundAnswer } from './rounds.dto.js';
import { Rounds } from './rounds.js';

const PLANNING = ['FEDERATION_NOT_OPEN', 'ROUND_BLOCKED', 'SUSPENSIONS_FULL'] as const;
const PUBLISHING = ['ROUND_EXPIRED', 'DELEGATION_EXPIRED', 'ONLINE_KEY_NOT_HELD', 'BUNDLE_REFUSED'] as const;

@ApiTags('rounds')
@Controller('v1/admin/rounds')
export class RoundsController {
  constructor(private readonly rounds: Rounds) {}

  @Post()
  @Roles(OFFICER)
  @Problems('NOT_SUSPENDED', 'EPOCH_NOT_PREPARED', ...PLANNING)
  @ApiOperation({ summary: 'Draft the next round over all complete documents, for two officers to sign offline' })
  @ApiCreatedResponse({ type: RoundAnswer })
  async draft(@Body() { lift, epoch }: DraftRoundRequest, @CurrentStaff() staff: Staff): Promise<RoundAnswer> {
    return RoundAnswer.of(await this.rounds.draft(lift ?? [], epoch, staff.username));
  }

  @Get(':digest')
  @Roles(OFFICER, REGISTRAR, AUDITOR)
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'One round, drafted or adopted' })
  @ApiOkResponse({ type: RoundAnswer })
  async find(@Param() { digest }: DigestParameter): Promise<RoundAnswer> {
    return RoundAnswer.of(await this.rounds.find(digest));
  }

  @Post(':digest/signatures')
  @HttpCode(200)
  @Roles(OFFICER)
  @Problems('NOT_FOUND', 'ROUND_STALE', 'SIGNATURE_REFUSED', 'SIGNER_UNKNOWN', 'SIGNATURE_NOT_NEEDED')
  @Problems(...PLANNING, ...PUBLISHING)
  @ApiOperation({ summary: 'Add an officer’s signature; with two organisations the round is adopted' })
  @ApiOkResponse({ type: RoundAnswer })
  async sign(
    @Param() { digest }: DigestParameter,
    @Body() { signature }: SignatureRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<RoundAnswer> {
    return RoundAnswer.of(await this.rounds.sign(digest, signature, staff.username));
  }
}
