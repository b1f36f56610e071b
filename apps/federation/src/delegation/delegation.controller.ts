import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { GatewayError, Problems, PublicRoute } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { OFFICER } from '../roles.js';
import type { DelegationEntity } from './delegation.entity.js';
import {
  CurrentDelegationAnswer,
  DelegationAnswer,
  type DescribedDelegation,
  InstallDelegationRequest,
} from './delegation.dto.js';
import { Delegations, payloadOf } from './delegations.js';

@ApiTags('delegation')
@Controller('v1')
export class DelegationController {
  constructor(
    private readonly delegations: Delegations,
    private readonly database: DataSource,
  ) {}

  @Post('admin/delegations')
  @Roles(OFFICER)
  @Problems('DELEGATION_REFUSED', 'DELEGATION_EXPIRED', 'DELEGATION_EPOCH_NOT_HIGHER', 'ONLINE_KEY_NOT_HELD')
  @ApiOperation({
    summary: 'Take in a delegation that the roots have signed. The first opens the federation, a later one is prepared',
  })
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
  @ApiOperation({ summary: 'The delegation in force, and the one that is prepared to follow it' })
  @ApiOkResponse({ type: CurrentDelegationAnswer })
  async current(): Promise<CurrentDelegationAnswer> {
    const { inForce, prepared } = await this.delegations.inUse();
    if (inForce === undefined) throw new GatewayError('NOT_FOUND');
    const answer: CurrentDelegationAnswer = await this.answerFor(inForce);
    if (prepared !== undefined) answer.prepared = await this.answerFor(prepared);
    return answer;
  }

  private async answerFor(entity: DelegationEntity): Promise<DescribedDelegation> {
    const { epoch, digest } = entity;
    const { payload, signatures } = await this.delegations.served(this.database.manager, entity);
    const delegation = { payload, signatures: [...signatures] };
    return { epoch, digest, exp: (await payloadOf(entity)).exp, delegation };
  }
}
