import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { AUDITOR, OFFICER, REGISTRAR } from '../roles.js';
import { SuspendRequest, SuspensionAnswer, SuspensionList } from './suspensions.dto.js';
import { Suspensions } from './suspensions.js';

@ApiTags('suspensions')
@Controller('v1/admin/suspensions')
export class SuspensionsController {
  constructor(private readonly suspensions: Suspensions) {}

  @Post()
  @Roles(OFFICER)
  @Problems('HEAD_NOT_PUBLISHED', 'DOCUMENT_NOT_PUBLISHED', 'ROUND_EXPIRED', 'DELEGATION_EXPIRED')
  @Problems('ONLINE_KEY_NOT_HELD', 'BUNDLE_REFUSED', 'SUSPENSIONS_FULL')
  @ApiOperation({ summary: 'Suspend a document at once; lifting it takes a round of two organisations' })
  @ApiCreatedResponse({ type: SuspensionAnswer })
  async suspend(@Body() { digest, reason }: SuspendRequest, @CurrentStaff() staff: Staff): Promise<SuspensionAnswer> {
    return SuspensionAnswer.of(await this.suspensions.suspend(digest, reason, staff));
  }

  @Get()
  @Roles(OFFICER, REGISTRAR, AUDITOR)
  @ApiOperation({ summary: 'All suspensions, the newest first; at most 1,000' })
  @ApiOkResponse({ type: SuspensionList })
  async list(): Promise<SuspensionList> {
    return { suspensions: (await this.suspensions.list()).map((entity) => SuspensionAnswer.of(entity)) };
  }
}
