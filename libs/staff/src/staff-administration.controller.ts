import { Body, Controller, Get, Header, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff } from './current-staff.js';
import { Roles } from './route-access.js';
import type { StaffAccountEntity } from './staff-account.entity.js';
import {
  AppointRequest,
  ChangeAccountRequest,
  ListAccountsQuery,
  OneTimePasswordAnswer,
  StaffAccountAnswer,
  StaffAccountsAnswer,
  UsernameParameter,
} from './staff-administration.dto.js';
import { StaffAdministration } from './staff-administration.js';
import type { Staff } from './staff.js';

@ApiTags('staff')
@Controller('v1/admin/staff')
@Roles('manager')
export class StaffAdministrationController {
  constructor(private readonly administration: StaffAdministration) {}

  @Get()
  @ApiOperation({ summary: 'The accounts within the own places' })
  @ApiOkResponse({ type: StaffAccountsAnswer })
  async list(@Query() { after, limit }: ListAccountsQuery, @CurrentStaff() staff: Staff): Promise<StaffAccountsAnswer> {
    const accounts = await this.administration.list(staff, after, limit);
    const names = await this.administration.namesOf(accounts);
    return { accounts: accounts.map((account) => answerOf(account, names)) };
  }

  @Post()
  @Header('cache-control', 'no-store')
  @Problems('STAFF_OUT_OF_SCOPE', 'STAFF_USERNAME_TAKEN', 'SUBJECT_UNKNOWN')
  @ApiOperation({ summary: 'Make an account; its one-time password is shown once' })
  @ApiCreatedResponse({ type: OneTimePasswordAnswer })
  appoint(
    @Body() { username, displayName, organisation, grants, subject = null }: AppointRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<OneTimePasswordAnswer> {
    return this.administration.appoint({ username, displayName, organisation, grants, subject }, staff);
  }

  @Put(':username')
  @HttpCode(204)
  @Problems('NOT_FOUND', 'STAFF_OUT_OF_SCOPE', 'STAFF_OWN_ACCOUNT', 'SUBJECT_UNKNOWN')
  @ApiOperation({ summary: 'Replace the grants of an account and the subject it belongs to' })
  @ApiNoContentResponse()
  async change(
    @Param() { username }: UsernameParameter,
    @Body() { grants, subject = null }: ChangeAccountRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<void> {
    await this.administration.change(username, { grants, subject }, staff);
  }

  @Post(':username/disable')
  @HttpCode(204)
  @Problems('NOT_FOUND', 'STAFF_OUT_OF_SCOPE', 'STAFF_OWN_ACCOUNT')
  @ApiOperation({ summary: 'Bar an account for good and end its sessions' })
  @ApiNoContentResponse()
  async disable(@Param() { username }: UsernameParameter, @CurrentStaff() staff: Staff): Promise<void> {
    await this.administration.disable(username, staff);
  }

  @Post(':username/password-reset')
  @Header('cache-control', 'no-store')
  @Problems('NOT_FOUND', 'STAFF_OUT_OF_SCOPE', 'STAFF_OWN_ACCOUNT')
  @ApiOperation({ summary: 'Replace a password by a one-time one, shown once, and end the sessions' })
  @ApiCreatedResponse({ type: OneTimePasswordAnswer })
  resetPassword(
    @Param() { username }: UsernameParameter,
    @CurrentStaff() staff: Staff,
  ): Promise<OneTimePasswordAnswer> {
    return this.administration.resetPassword(username, staff);
  }
}

function answerOf(account: StaffAccountEntity, names: ReadonlyMap<string, string>): StaffAccountAnswer {
  const { username, displayName, organisation, grants, subjectId, oneTimeUntil, disabledAt } = account;
  return {
    username,
    displayName,
    organisation,
    grants: [...grants],
    subject: (subjectId === null ? undefined : names.get(subjectId)) ?? null,
    isDisabled: disabledAt !== null,
    hasOneTimePassword: oneTimeUntil !== null,
  };
}
