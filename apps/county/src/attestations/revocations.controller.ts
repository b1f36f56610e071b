import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { AuditTrail, CurrentStaff, Roles, type Staff } from '#libs/staff';
import { Enrolments } from '../enrolment/enrolments.service.js';
import { lockResident, Residents } from '../residents/residents.service.js';
import { RevokedAnswer, RevokeRequest } from './attestations.dto.js';
import { Revocations } from './revocations.service.js';

@ApiTags('revocation')
@Controller('v1/admin/residents')
export class RevocationsController {
  constructor(
    private readonly residents: Residents,
    private readonly revocations: Revocations,
    private readonly enrolments: Enrolments,
    private readonly audit: AuditTrail,
  ) {}

  @Post(':handle/revocations')
  @HttpCode(200)
  @Roles('issuing_officer')
  @Problems('NOT_FOUND')
  @ApiOperation({
    summary: "Revoke a resident's attestations for one partner, or all of them and with them the phone's enrolment",
  })
  @ApiOkResponse({ type: RevokedAnswer })
  async revoke(
    @Param('handle') handle: string,
    @Body() { partner, reason }: RevokeRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<RevokedAnswer> {
    const { id: residentId } = await this.residents.byHandle(handle, staff);
    const of = { residentId, ...(partner === undefined ? {} : { partner }) };
    const revoked = await this.revocations.transaction(async (manager) => {
      await lockResident(manager, residentId);
      const count = await this.revocations.endKeys(manager, of, 'revoked_by_officer');
      // All of them: a phone reported stolen must not fetch new ones.
      if (partner === undefined) await this.enrolments.end(manager, residentId);
      const detail = { partner: partner ?? null, reason, revoked: count };
      await this.audit.record(manager, {
        actor: staff.username,
        action: 'attestations.revoked',
        target: handle,
        detail,
      });
      return count;
    });
    return { revoked };
  }
}
