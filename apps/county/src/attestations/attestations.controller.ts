import { Body, Controller, Header, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems, PublicRoute } from '#libs/platform';
import { EmptyBodyPipe } from '../empty-body.pipe.js';
import { CurrentResident, DeviceProofGuard, type EnrolledResident } from '../enrolment/device-proof.guard.js';
import { IssuedAnswer, IssueRequest } from './attestations.dto.js';
import { Attestations, type IssuedAttestation } from './attestations.service.js';

/** For the resident's own phone: `Authorization: DeviceProof`. The seam where OpenID4VCI 1.0 will stand. */
@ApiTags('wallet')
@PublicRoute()
@UseGuards(DeviceProofGuard)
@Problems('DEVICE_PROOF_REFUSED', 'NOTHING_TO_ISSUE', 'STATUS_LIST_FULL')
@Controller('v1/attestations')
export class AttestationsController {
  constructor(private readonly attestations: Attestations) {}

  @Post()
  @Header('cache-control', 'no-store')
  @Problems('HOLDER_PROOF_REFUSED', 'HOLDER_KEY_REFUSED', 'CONSENT_MISSING')
  @Problems('ENTRY_SCHEME_UNKNOWN', 'UNMAPPABLE_BASIS', 'UNMAPPABLE_SUBJECT', 'SCHEME_NOT_EXPORTED')
  @ApiOperation({ summary: 'Issue the attestation for one partner to a holder key whose possession is proven' })
  @ApiCreatedResponse({ type: IssuedAnswer })
  issue(@CurrentResident() resident: EnrolledResident, @Body() asked: IssueRequest): Promise<IssuedAttestation> {
    return this.attestations.issue(resident, asked);
  }

  @Post('renewals')
  @Problems('BODY_INVALID')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Renew all attestations together into the current weekly epoch' })
  @ApiOkResponse({ type: [IssuedAnswer] })
  renew(
    @CurrentResident() resident: EnrolledResident,
    @Body(EmptyBodyPipe) _body: undefined,
  ): Promise<readonly IssuedAttestation[]> {
    return this.attestations.renewAll(resident);
  }
}
