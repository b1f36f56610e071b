import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { RecordedAnswer } from '../residents/residents.dto.js';
import { Memberships } from './memberships.service.js';
import { LeaveRequest, RecordMembershipsRequest, TakeBackRequest } from './memberships.dto.js';

@ApiTags('memberships')
@Controller('v1/admin/memberships')
export class MembershipsController {
  constructor(private readonly memberships: Memberships) {}

  @Post()
  @HttpCode(200)
  @Roles('registrar')
  @Problems('SUBJECT_UNKNOWN', 'SUBJECT_ENDED', 'SUBJECT_KIND_WRONG', 'MEMBERSHIP_DAY_WRONG', 'MEMBERSHIP_OVERLAPS')
  @ApiOperation({
    summary: 'Record up to 500 memberships or parents, all or none; repeating a request changes nothing',
  })
  @ApiOkResponse({ type: RecordedAnswer })
  join(@Body() { memberships }: RecordMembershipsRequest, @CurrentStaff() staff: Staff): Promise<RecordedAnswer> {
    return this.memberships.join(memberships, staff);
  }

  @Post('endings')
  @HttpCode(204)
  @Roles('registrar')
  @Problems('NOT_FOUND', 'MEMBERSHIP_DAY_WRONG')
  @ApiOperation({ summary: 'End a membership with a day' })
  @ApiNoContentResponse()
  async leave(@Body() { member, of, to }: LeaveRequest, @CurrentStaff() staff: Staff): Promise<void> {
    await this.memberships.leave(member, of, to, staff);
  }

  @Post('corrections')
  @HttpCode(204)
  @Roles('registrar')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'Take back a membership that was recorded by mistake' })
  @ApiNoContentResponse()
  async takeBack(@Body() { member, of, from, reason }: TakeBackRequest, @CurrentStaff() staff: Staff): Promise<void> {
    await this.memberships.takeBack(member, of, from, reason, staff);
  }
}
