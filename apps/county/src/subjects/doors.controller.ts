import { Body, Controller, Delete, Header, HttpCode, Param, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { EmptyBodyPipe } from '../empty-body.pipe.js';
import { Doors } from './doors.service.js';
import { subjectAnswer } from './subject-answer.js';
import { DoorAnswer, ResolveDoorRequest } from './doors.dto.js';
import { SubjectAnswer } from './subject-answers.dto.js';

/** More doors than anybody passes in a minute, also where a village shares one address. */
const RESOLVE_LIMIT = { rateLimit: { max: 120, timeWindow: 60_000 } };

@ApiTags('doors')
@Controller('v1/admin')
export class DoorsController {
  constructor(private readonly doors: Doors) {}

  @Post('subjects/:handle/door')
  @Roles('registrar')
  @Header('cache-control', 'no-store')
  @Problems('NOT_FOUND', 'SUBJECT_ENDED', 'SUBJECT_KIND_WRONG', 'BODY_INVALID')
  @ApiOperation({ summary: 'A code for the door of a household or building; the one before it is void' })
  @ApiCreatedResponse({ type: DoorAnswer })
  async issue(
    @Param('handle') handle: string,
    @CurrentStaff() staff: Staff,
    @Body(EmptyBodyPipe) _body: undefined,
  ): Promise<DoorAnswer> {
    return { link: await this.doors.issue(handle, staff) };
  }

  @Delete('subjects/:handle/door')
  @HttpCode(204)
  @Roles('registrar')
  @Problems('NOT_FOUND', 'SUBJECT_ENDED', 'SUBJECT_KIND_WRONG')
  @ApiOperation({ summary: 'Revoke the code of a door' })
  @ApiNoContentResponse()
  async revoke(@Param('handle') handle: string, @CurrentStaff() staff: Staff): Promise<void> {
    await this.doors.revoke(handle, staff);
  }

  @Post('doors/resolutions')
  @HttpCode(200)
  @Roles('collector')
  @RouteConfig(RESOLVE_LIMIT)
  @Problems('DOOR_UNKNOWN')
  @ApiOperation({ summary: "Whose door was scanned, within the worker's own places" })
  @ApiOkResponse({ type: SubjectAnswer })
  async resolve(@Body() { door }: ResolveDoorRequest, @CurrentStaff() staff: Staff): Promise<SubjectAnswer> {
    return subjectAnswer({ subject: await this.doors.resolve(door, staff), documentLast4: null });
  }
}
