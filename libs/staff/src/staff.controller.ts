import { Body, Controller, Delete, Get, Header, HttpCode, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems, PublicRoute } from '#libs/platform';
import { type Admission, CurrentAdmission, CurrentStaff } from './current-staff.js';
import { AnyStaff } from './route-access.js';
import { ChangePasswordRequest, OpenedSessionAnswer, SignInRequest, StaffAnswer } from './staff.dto.js';
import { StaffSessions } from './staff-sessions.js';
import type { Staff } from './staff.js';

/** Guessing is slow already (argon2id); the limit keeps it from slowing everyone else down. */
const SIGN_IN_LIMIT = { rateLimit: { max: 20, timeWindow: 60_000 } };

@ApiTags('staff')
@Controller('v1/staff')
export class StaffController {
  constructor(private readonly sessions: StaffSessions) {}

  @Post('sessions')
  @PublicRoute()
  @Header('cache-control', 'no-store')
  @RouteConfig(SIGN_IN_LIMIT)
  @Problems('STAFF_SIGN_IN_REFUSED', 'STAFF_PASSWORD_ONE_TIME')
  @ApiOperation({ summary: 'Sign in; the token is shown once' })
  @ApiCreatedResponse({ type: OpenedSessionAnswer })
  signIn(@Body() { username, password }: SignInRequest): Promise<OpenedSessionAnswer> {
    return this.sessions.open(username, password);
  }

  @Post('password')
  @PublicRoute()
  @HttpCode(204)
  @RouteConfig(SIGN_IN_LIMIT)
  @Problems('STAFF_SIGN_IN_REFUSED')
  @ApiOperation({ summary: 'Exchange a password, one-time or not, for one of your own; ends the sessions' })
  @ApiNoContentResponse()
  async changePassword(@Body() { username, password, newPassword }: ChangePasswordRequest): Promise<void> {
    await this.sessions.changePassword(username, password, newPassword);
  }

  @Delete('sessions/current')
  @HttpCode(204)
  @AnyStaff()
  @ApiOperation({ summary: 'Sign out' })
  @ApiNoContentResponse()
  async signOut(@CurrentAdmission() { token, staff }: Admission): Promise<void> {
    await this.sessions.close(token, staff);
  }

  @Get('me')
  @AnyStaff()
  @ApiOperation({ summary: 'The account that is signed in' })
  @ApiOkResponse({ type: StaffAnswer })
  me(@CurrentStaff() staff: Staff): StaffAnswer {
    return { ...staff, grants: [...staff.grants] };
  }
}
