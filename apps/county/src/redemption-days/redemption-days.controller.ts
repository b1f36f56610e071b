import { Body, Controller, Get, Header, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { GatewayError, Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { CloseDay } from './close-day.service.js';
import { DaySettlements } from './day-settlements.service.js';
import type { Invitation } from './invite.js';
import { PaperBatches } from './paper-batches.service.js';
import {
  CloseDayRequest,
  DaysQuery,
  type InvitationBody,
  PaperBatchRequest,
  PlanDayRequest,
} from './redemption-days.dto.js';
import {
  DayAnswer,
  dayAnswer,
  DaysAnswer,
  PaperBatchAnswer,
  PlannedDayAnswer,
  ReconciliationAnswer,
  SettlementAnswer,
  ShownDayAnswer,
} from './redemption-days-answers.dto.js';
import { RedemptionDays } from './redemption-days.service.js';

@ApiTags('redemption days')
@Controller('v1/admin/redemption-days')
export class RedemptionDaysController {
  constructor(
    private readonly days: RedemptionDays,
    private readonly settlements: DaySettlements,
    private readonly paper: PaperBatches,
    private readonly closing: CloseDay,
  ) {}

  @Post()
  @Roles('shopkeeper', 'manager')
  @Problems('ENTRY_SCHEME_UNKNOWN', 'PLACE_OUT_OF_SCOPE', 'DAY_WITHOUT_SHOP', 'SUBJECT_UNKNOWN', 'INVITATION_INVALID')
  @Problems('KEY_REUSED')
  @ApiOperation({ summary: 'Plan a redemption day, of one scheme or of all that share its calendar' })
  @ApiCreatedResponse({ type: PlannedDayAnswer })
  plan(@Body() { invited, ...planned }: PlanDayRequest, @CurrentStaff() staff: Staff): Promise<PlannedDayAnswer> {
    const list = invited === undefined ? {} : { invited: invitationOf(invited) };
    return this.days.plan({ ...planned, ...list }, staff);
  }

  @Get()
  @Header('cache-control', 'no-store')
  @Roles('shopkeeper', 'manager', 'auditor')
  @ApiOperation({ summary: 'The latest redemption days' })
  @ApiOkResponse({ type: DaysAnswer })
  async list(@Query() { scheme }: DaysQuery, @CurrentStaff() staff: Staff): Promise<DaysAnswer> {
    return { days: (await this.days.list(scheme, staff)).map(dayAnswer) };
  }

  @Get(':day')
  @Header('cache-control', 'no-store')
  @Roles('shopkeeper', 'manager', 'auditor')
  @Problems('NOT_FOUND')
  @ApiOperation({ summary: 'A redemption day, who is invited, and what settlement and reconciliation found' })
  @ApiOkResponse({ type: ShownDayAnswer })
  async show(@Param('day', ParseUUIDPipe) id: string, @CurrentStaff() staff: Staff): Promise<ShownDayAnswer> {
    const { day, list } = await this.days.show(id, staff);
    return Object.assign(dayAnswer(day), { list });
  }

  @Post(':day/settlement')
  @HttpCode(200)
  @Roles('shopkeeper', 'manager')
  @Problems('NOT_FOUND', 'PLACE_OUT_OF_SCOPE', 'LEDGER_RULE_UNKNOWN')
  @ApiOperation({ summary: 'Hold every wallet against its postings and the rules (清算、核算)' })
  @ApiOkResponse({ type: SettlementAnswer })
  settle(@Param('day', ParseUUIDPipe) id: string, @CurrentStaff() staff: Staff): Promise<SettlementAnswer> {
    return this.settlements.settle(id, staff);
  }

  @Post(':day/opening')
  @HttpCode(200)
  @Roles('shopkeeper', 'manager')
  @Problems('NOT_FOUND', 'PLACE_OUT_OF_SCOPE', 'DAY_NOT_TODAY', 'DAY_NOT_SETTLED', 'REDEMPTION_CLOSED')
  @Problems('LEDGER_RULE_UNKNOWN')
  @ApiOperation({ summary: 'Open a settled day, not before its date; it is settled once more first' })
  @ApiOkResponse({ type: DayAnswer })
  async open(@Param('day', ParseUUIDPipe) id: string, @CurrentStaff() staff: Staff): Promise<DayAnswer> {
    return dayAnswer(await this.settlements.open(id, staff));
  }

  @Post(':day/paper-batches')
  @HttpCode(200)
  @Roles('shopkeeper', 'manager')
  @Problems('NOT_FOUND', 'REDEMPTION_CLOSED', 'ENTRY_SCHEME_UNKNOWN', 'PLACE_OUT_OF_SCOPE', 'SUBJECT_UNKNOWN')
  @Problems('SUBJECT_NOT_SCORED', 'SUBJECT_OUTSIDE_SCHEME', 'ITEM_UNKNOWN', 'KEY_REUSED', 'CONFLICT')
  @ApiOperation({ summary: 'Enter what was signed for on paper, all or none; a line entered twice is one' })
  @ApiOkResponse({ type: PaperBatchAnswer })
  async enter(
    @Param('day', ParseUUIDPipe) id: string,
    @Body() batch: PaperBatchRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<PaperBatchAnswer> {
    return { lines: await this.paper.book(id, batch, staff) };
  }

  @Post(':day/closing')
  @HttpCode(200)
  @Roles('shopkeeper', 'manager')
  @Problems('NOT_FOUND', 'REDEMPTION_CLOSED', 'ENTRY_SCHEME_UNKNOWN', 'PLACE_OUT_OF_SCOPE', 'ITEM_UNKNOWN')
  @Problems('SHELF_NOT_COUNTED', 'VARIANCE_UNEXPLAINED', 'KEY_REUSED')
  @ApiOperation({ summary: 'Close a day: people, points and items against the list and the shelves' })
  @ApiOkResponse({ type: ReconciliationAnswer })
  close(
    @Param('day', ParseUUIDPipe) id: string,
    @Body() closing: CloseDayRequest,
    @CurrentStaff() staff: Staff,
  ): Promise<ReconciliationAnswer> {
    return this.closing.close(id, closing, staff);
  }
}

/** One kind of list or the other. */
function invitationOf({ subjects, run, grading, grade, also }: InvitationBody): Invitation {
  if (subjects !== undefined && run === undefined && grading === undefined) return { subjects };
  if (subjects !== undefined || run === undefined || grading === undefined)
    throw new GatewayError('BODY_INVALID', {
      fields: [{ path: '/invited', message: 'names subjects, or a run and a grading' }],
    });
  return { run, grading, ...(grade !== undefined && { grade }), ...(also !== undefined && { also }) };
}
