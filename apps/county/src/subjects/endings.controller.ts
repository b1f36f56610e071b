import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { Endings } from './endings.service.js';
import { Merges } from './merges.service.js';
import { EndSubjectRequest, MergeRequest, ReasonRequest } from './endings.dto.js';

@ApiTags('subjects')
@Controller('v1/admin/subjects/:handle')
export class EndingsController {
  constructor(
    private readonly endings: Endings,
    private readonly merges: Merges,
  ) {}

  @Post('endings')
  @HttpCode(204)
  @Roles('registrar')
  @Problems('NOT_FOUND', 'SUBJECT_ENDED', 'SUBJECT_KIND_WRONG', 'MEMBERSHIP_DAY_WRONG')
  @ApiOperation({ summary: 'A person left or died, anything else was dissolved: memberships end, proofs are revoked' })
  @ApiNoContentResponse()
  async end(
    @Param('handle') handle: string,
    @Body() { cause, on }: EndSubjectRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<void> {
    await this.endings.end(handle, cause, on, staff);
  }

  @Post('reopenings')
  @HttpCode(204)
  @Roles('registrar')
  @Problems('NOT_FOUND', 'CONFLICT')
  @ApiOperation({ summary: 'Take an end back: somebody came back, or it was recorded by mistake' })
  @ApiNoContentResponse()
  async reopen(
    @Param('handle') handle: string,
    @Body() { reason }: ReasonRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<void> {
    await this.endings.reopen(handle, reason, staff);
  }

  @Post('merges')
  @HttpCode(204)
  @Roles('registrar')
  @Problems('NOT_FOUND', 'SUBJECT_UNKNOWN', 'SUBJECT_ENDED', 'SUBJECT_KIND_WRONG', 'MEMBERSHIP_OVERLAPS')
  @ApiOperation({ summary: 'This record and another are one subject: the other stays, and this handle leads to it' })
  @ApiNoContentResponse()
  async merge(
    @Param('handle') handle: string,
    @Body() { into, reason }: MergeRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<void> {
    await this.merges.merge(handle, into, reason, staff);
  }

  @Post('merge-reversals')
  @HttpCode(204)
  @Roles('registrar')
  @Problems('NOT_FOUND', 'SUBJECT_UNKNOWN', 'SUBJECT_ENDED', 'CONFLICT', 'MERGE_NOT_REVERSIBLE')
  @ApiOperation({ summary: 'They were two after all: take the merge back while nothing is built on it' })
  @ApiNoContentResponse()
  async undoMerge(
    @Param('handle') handle: string,
    @Body() { reason }: ReasonRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<void> {
    await this.merges.undo(handle, reason, staff);
  }
}
