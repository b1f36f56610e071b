import { Body, Controller, Delete, Get, Header, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import {
  ActivitiesAnswer,
  ActivitiesQuery,
  ActivityAnswer,
  ActivityDetailAnswer,
  CallAnswer,
  CallRequest,
  PostedSheetAnswer,
  SheetRequest,
  SignUpRequest,
} from './activities.dto.js';
import { Activities } from './activities.service.js';
import type { ActivityEntity } from './activity.entity.js';
import { SignInSheets } from './sign-in-sheets.service.js';
import { SignUps } from './sign-ups.service.js';

@ApiTags('activities')
@Controller('v1/admin/activities')
export class ActivitiesController {
  constructor(
    private readonly activities: Activities,
    private readonly signUps: SignUps,
    private readonly sheets: SignInSheets,
  ) {}

  @Post()
  @Roles('collector', 'manager')
  @Problems('ACTIVITY_KIND_UNKNOWN', 'PLACE_UNKNOWN', 'PLACE_OUT_OF_SCOPE', 'KEY_REUSED')
  @ApiOperation({ summary: 'Call for hands; repeating a request changes nothing' })
  @ApiCreatedResponse({ type: ActivityAnswer })
  async call(@Body() asked: CallRequest, @CurrentStaff() staff: Staff): Promise<ActivityAnswer> {
    return activityAnswer(await this.activities.call(asked, staff));
  }

  @Get()
  @Header('cache-control', 'no-store')
  @Roles('collector', 'verifier', 'approver', 'manager', 'auditor')
  @ApiOperation({ summary: 'The latest activities of the places one may act in' })
  @ApiOkResponse({ type: ActivitiesAnswer })
  async list(@Query() { scheme }: ActivitiesQuery, @CurrentStaff() staff: Staff): Promise<ActivitiesAnswer> {
    return { activities: (await this.activities.list(scheme, staff)).map(activityAnswer) };
  }

  @Get(':activity')
  @Header('cache-control', 'no-store')
  @Roles('collector', 'verifier', 'approver', 'manager', 'auditor')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'An activity, who will come, and who signed in' })
  @ApiOkResponse({ type: ActivityDetailAnswer })
  async read(
    @Param('activity', ParseUUIDPipe) id: string,
    @CurrentStaff() staff: Staff,
  ): Promise<ActivityDetailAnswer> {
    const { activity, signUps } = await this.activities.read(id, staff);
    const { sheet } = activity;
    const log = sheet !== null && 'heads' in sheet ? sheet : undefined;
    const rows = sheet !== null && 'rows' in sheet ? sheet.rows : [];
    const took = { rows, group: log?.group ?? null, heads: log?.heads ?? rows.length };
    return Object.assign(activityAnswer(activity), { signUps, ...took });
  }

  @Post(':activity/sign-ups')
  @HttpCode(204)
  @Roles('collector', 'manager')
  @Problems('NOT_FOUND', 'SUBJECT_UNKNOWN', 'SUBJECT_ENDED', 'SUBJECT_NOT_SCORED', 'SUBJECT_OUTSIDE_SCHEME')
  @Problems('SUBJECT_KIND_WRONG', 'ACTIVITY_CLOSED', 'ACTIVITY_LOG_ONLY', 'ACTIVITY_KIND_UNKNOWN')
  @ApiOperation({ summary: 'Note that somebody will come' })
  @ApiNoContentResponse()
  signUp(
    @Param('activity', ParseUUIDPipe) id: string,
    @Body() { subject }: SignUpRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<void> {
    return this.signUps.signUp(id, subject, staff);
  }

  @Delete(':activity/sign-ups/:subject')
  @HttpCode(204)
  @Roles('collector', 'manager')
  @Problems('NOT_FOUND', 'ACTIVITY_CLOSED')
  @ApiOperation({ summary: 'Note that somebody will not come after all' })
  @ApiNoContentResponse()
  strike(
    @Param('activity', ParseUUIDPipe) id: string,
    @Param('subject') subject: string,
    @CurrentStaff() staff: Staff,
  ): Promise<void> {
    return this.signUps.strike(id, subject, staff);
  }

  @Post(':activity/sheet')
  @HttpCode(200)
  @Roles('collector', 'verifier', 'manager')
  @Problems('NOT_FOUND', 'ACTIVITY_CLOSED', 'ACTIVITY_LOG_ONLY', 'ACTIVITY_KIND_UNKNOWN', 'KEY_REUSED')
  @Problems('SUBJECT_UNKNOWN', 'SUBJECT_ENDED', 'SUBJECT_NOT_SCORED', 'SUBJECT_OUTSIDE_SCHEME')
  @Problems('ENTRY_NOT_BY_RULE', 'ENTRY_EVIDENCE_MISSING', 'ENTRY_ROLE_MISSING', 'CONFLICT')
  @ApiOperation({
    summary: 'Close an activity by its sign-in sheet: an entry for everybody on it, or of a log the heads; once',
  })
  @ApiOkResponse({ type: PostedSheetAnswer })
  post(
    @Param('activity', ParseUUIDPipe) id: string,
    @Body() asked: SheetRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<PostedSheetAnswer> {
    return this.sheets.post(id, asked, staff);
  }
}

export function callAnswer({
  id: activity,
  schemeId: scheme,
  kind,
  place,
  day,
  title,
  hoursExpected,
}: ActivityEntity): CallAnswer {
  return { activity, scheme, kind, place, day, title, hoursExpected };
}

function activityAnswer(activity: ActivityEntity): ActivityAnswer {
  const { calledBy, closedAt } = activity;
  return Object.assign(callAnswer(activity), { calledBy, closedAt });
}
