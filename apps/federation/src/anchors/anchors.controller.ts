import { Body, Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { OFFICER } from '../roles.js';
import { AnchorAnswer, InstallAnchorRequest } from './anchors.dto.js';
import { RootRotation } from './root-rotation.js';

@ApiTags('delegation')
@Controller('v1/admin/anchors')
export class AnchorsController {
  constructor(private readonly rotation: RootRotation) {}

  @Post()
  @Roles(OFFICER)
  @Problems('ANCHOR_NOT_NEXT', 'ANCHOR_REFUSED', 'NOT_FOUND', 'DELEGATION_REFUSED')
  @Problems('ROUND_EXPIRED', 'DELEGATION_EXPIRED', 'ONLINE_KEY_NOT_HELD', 'BUNDLE_REFUSED')
  @ApiOperation({
    summary:
      'Take in new root keys that the old and the new roots have signed, with the delegations the new ones have signed',
  })
  @ApiCreatedResponse({ type: AnchorAnswer })
  async install(
    @Body() { anchor, delegations }: InstallAnchorRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<AnchorAnswer> {
    const { version, digest } = await this.rotation.install(anchor, delegations ?? [], staff.username);
    return { version, digest };
  }
}
