import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, UseGuards } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems, PublicRoute } from '#libs/platform';
import { EmptyBodyPipe } from '../empty-body.pipe.js';
import { CurrentResident, DeviceProofGuard, type EnrolledResident } from '../enrolment/device-proof.guard.js';
import { callAnswer } from './activities.controller.js';
import { CallsAnswer, CallsQuery } from './activities.dto.js';
import { Activities } from './activities.service.js';
import { SignUps } from './sign-ups.service.js';

/** Calls for everybody; signing up is for the resident's own phone: `Authorization: DeviceProof`. */
@ApiTags('wallet')
@PublicRoute()
@Controller('v1/activities')
export class CallsController {
  constructor(
    private readonly activities: Activities,
    private readonly signUps: SignUps,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The open calls that concern a place: in it, in what it lies in, and in its area' })
  @ApiOkResponse({ type: CallsAnswer })
  async open(@Query() { place }: CallsQuery): Promise<CallsAnswer> {
    return { activities: (await this.activities.openIn(place)).map(callAnswer) };
  }

  @Post(':activity/sign-ups')
  @HttpCode(204)
  @UseGuards(DeviceProofGuard)
  @Problems('DEVICE_PROOF_REFUSED', 'BODY_INVALID', 'NOT_FOUND', 'SUBJECT_ENDED', 'SUBJECT_OUTSIDE_SCHEME')
  @Problems('ACTIVITY_CLOSED', 'ACTIVITY_LOG_ONLY', 'ACTIVITY_KIND_UNKNOWN')
  @ApiOperation({ summary: 'Say that one will come' })
  @ApiNoContentResponse()
  signUp(
    @CurrentResident() resident: EnrolledResident,
    @Param('activity', ParseUUIDPipe) id: string,
    @Body(EmptyBodyPipe) _body: undefined,
  ): Promise<void> {
    return this.signUps.signUpOneself(id, resident);
  }

  @Delete(':activity/sign-ups')
  @HttpCode(204)
  @UseGuards(DeviceProofGuard)
  @Problems('DEVICE_PROOF_REFUSED', 'NOT_FOUND', 'ACTIVITY_CLOSED')
  @ApiOperation({ summary: 'Say that one will not come after all' })
  @ApiNoContentResponse()
  withdraw(@CurrentResident() resident: EnrolledResident, @Param('activity', ParseUUIDPipe) id: string): Promise<void> {
    return this.signUps.withdrawOneself(id, resident);
  }
}
