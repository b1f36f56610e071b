import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { GatewayError, Problems, PublicRoute } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { OFFICER } from '../roles.js';
import { CurrentDelegationAnswer, DelegationAnswer, InstallDelegationRequest } from './delegation.dto.js';
import { Delegations, payloadOf } from './delegations.js';

@ApiTags('delegation')
@Controller('v1')
export class DelegationController {
  constructor(private readonly delegations: Delegations) {}

  @Post('admin/delegations')
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

  @Get('delegation')
  @PublicRoute()
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'The delegation of the highest epoch; heads follow it with their next round' })
  @ApiOkResponse({ type: CurrentDelegationAnswer })
  async current(): Promise<CurrentDelegationAnswer> {
    const current = await this.delegations.current();
    if (current === undefined) throw new GatewayError('NOT_FOUND');
    const { epoch, digest, payload, signatures } = current;
    return { epoch, digest, exp: (await payloadOf(current)).exp, delegation: { payload, signatures } };
  }
}
