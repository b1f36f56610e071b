import { Body, Controller, Header, Post, UseGuards } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems, PublicRoute } from '#libs/platform';
import { CurrentResident, DeviceProofGuard, type EnrolledResident } from '../enrolment/device-proof.guard.js';
import { BadgeRequest, IssuedBadgeAnswer } from './badges.dto.js';
import { Badges } from './badges.service.js';

/** For the resident's own phone: `Authorization: DeviceProof`. */
@ApiTags('wallet')
@PublicRoute()
@UseGuards(DeviceProofGuard)
@Controller('v1/badges')
export class BadgesController {
  constructor(private readonly badges: Badges) {}

  @Post()
  @Header('cache-control', 'no-store')
  @Problems('DEVICE_PROOF_REFUSED', 'NOTHING_TO_ISSUE', 'STATUS_LIST_FULL', 'ENTRY_SCHEME_UNKNOWN', 'BADGE_NOT_GIVEN')
  @Problems('HOLDER_PROOF_REFUSED', 'HOLDER_KEY_REFUSED', 'CONSENT_MISSING')
  @ApiOperation({ summary: 'Issue the badge of a scheme for one partner to a holder key whose possession is proven' })
  @ApiCreatedResponse({ type: IssuedBadgeAnswer })
  async issue(@CurrentResident() resident: EnrolledResident, @Body() asked: BadgeRequest): Promise<IssuedBadgeAnswer> {
    return { badge: await this.badges.issue(resident, asked) };
  }
}
