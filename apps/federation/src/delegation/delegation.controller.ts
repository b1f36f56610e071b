import { Body, Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { OFFICER } from '../roles.js';
import { DelegationAnswer, InstallDelegationRequest } from './delegation.dto.js';
import { Delegations } from './delegations.js';

@ApiTags('delegation')
@Controller('v1/admin/delegations')
export class DelegationController {
  constructor(private readonly delegations: Delegations) {}

  @Post()
  @Roles(OFFICER)
  @Problems('DELEGATION_REFUSED', 'DELEGATION_EXPIRED', 'DELEGATION_EPOCH_NOT_HIGHER', 'ONLINE_KEY_NOT_HELD')
  @ApiOperation({ summary: 'Take in a delegation that the roots have signed; the first one opens the federation' })
  @ApiCreatedResponse({ type: DelegationAnswer })
  async install(
    @Body() { delegation }: InstallDelegationRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<DelegationAnswer> {
    const { epoch, digest } = await this.delegations.install(delegation, staff.username);
    return { epoch, digest };
  }
}
