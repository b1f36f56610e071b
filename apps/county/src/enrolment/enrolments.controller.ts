import { Body, Controller, Header, Param, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems, PublicRoute } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { EmptyBodyPipe } from '../empty-body.pipe.js';
import { EnrolmentCodes } from './enrolment-codes.service.js';
import { EnrolledAnswer, EnrolmentCodeAnswer, EnrolRequest, NonceAnswer } from './enrolments.dto.js';
import { Enrolments } from './enrolments.service.js';
import { Nonces } from './nonces.service.js';

/** A guess is hopeless anyway (60 bits, five tries); the limit keeps guessers from using codes up. */
const ENROLMENT_LIMIT = { rateLimit: { max: 60, timeWindow: 60_000 } };
const NONCE_LIMIT = { rateLimit: { max: 1_200, timeWindow: 60_000 } };

@ApiTags('enrolment')
@Controller('v1')
export class EnrolmentsController {
  constructor(
    private readonly codes: EnrolmentCodes,
    private readonly enrolments: Enrolments,
    private readonly nonces: Nonces,
  ) {}

  @Post('admin/residents/:handle/enrolment-codes')
  @Roles('issuing_officer')
  @Header('cache-control', 'no-store')
  @Problems('NOT_FOUND', 'SUBJECT_ENDED', 'BODY_INVALID')
  @ApiOperation({ summary: 'A one-time code for a resident whose document was seen; good for ten minutes' })
  @ApiCreatedResponse({ type: EnrolmentCodeAnswer })
  makeCode(
    @Param('handle') handle: string,
    @CurrentStaff() staff: Staff,
    @Body(EmptyBodyPipe) _body: undefined,
  ): Promise<EnrolmentCodeAnswer> {
    return this.codes.make(handle, staff);
  }

  @Post('enrolments')
  @PublicRoute()
  @Header('cache-control', 'no-store')
  @RouteConfig(ENROLMENT_LIMIT)
  @Problems('ENROLMENT_CODE_REFUSED', 'DEVICE_KEY_INVALID')
  @ApiOperation({ summary: 'Enrol a phone against a code; what was on an earlier phone is revoked' })
  @ApiCreatedResponse({ type: EnrolledAnswer })
  enrol(@Body() { code, deviceJwk }: EnrolRequest): Promise<EnrolledAnswer> {
    return this.enrolments.enrol(code, deviceJwk);
  }

  @Post('nonces')
  @PublicRoute()
  @Header('cache-control', 'no-store')
  @RouteConfig(NONCE_LIMIT)
  @Problems('BODY_INVALID')
  @ApiOperation({ summary: 'A nonce for one proof; good for five minutes' })
  @ApiCreatedResponse({ type: NonceAnswer })
  makeNonce(@Body(EmptyBodyPipe) _body: undefined): Promise<NonceAnswer> {
    return this.nonces.make();
  }
}
