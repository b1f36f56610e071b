import { Body, Controller, Delete, Get, Header, Param, Post, UseGuards } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems, PublicRoute } from '#libs/platform';
import { CurrentResident, DeviceProofGuard, type EnrolledResident } from '../enrolment/device-proof.guard.js';
import type { ConsentReceipt } from './consent-receipt.js';
import { ConsentReceiptAnswer, ConsentRequest } from './consents.dto.js';
import { Consents } from './consents.service.js';

/** For the resident's own phone: `Authorization: DeviceProof`. */
@ApiTags('wallet')
@PublicRoute()
@UseGuards(DeviceProofGuard)
@Problems('DEVICE_PROOF_REFUSED')
@Controller('v1/consents')
export class ConsentsController {
  constructor(private readonly consents: Consents) {}

  @Post()
  @Header('cache-control', 'no-store')
  @Problems('ENTRY_SCHEME_UNKNOWN')
  @ApiOperation({ summary: 'Consent to one partner and purpose; the answer is the receipt (PIPL art. 23)' })
  @ApiCreatedResponse({ type: ConsentReceiptAnswer })
  give(@CurrentResident() resident: EnrolledResident, @Body() terms: ConsentRequest): Promise<ConsentReceipt> {
    return this.consents.give(resident, terms);
  }

  @Get()
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'All consents, withdrawn ones too' })
  @ApiOkResponse({ type: [ConsentReceiptAnswer] })
  list(@CurrentResident() resident: EnrolledResident): Promise<readonly ConsentReceipt[]> {
    return this.consents.list(resident);
  }

  @Delete(':partner')
  @Header('cache-control', 'no-store')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'Withdraw for one partner; what was issued for it is revoked at once' })
  @ApiOkResponse({ type: [ConsentReceiptAnswer] })
  withdraw(
    @CurrentResident() resident: EnrolledResident,
    @Param('partner') partner: string,
  ): Promise<readonly ConsentReceipt[]> {
    return this.consents.withdraw(resident, partner);
  }
}
