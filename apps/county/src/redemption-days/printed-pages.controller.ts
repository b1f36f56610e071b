import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { LedgerQuery } from '../ledger/ledger.dto.js';
import { bookletCsv, bookletPage } from '../printed/booklet.js';
import { pickListCsv, pickListPage } from '../printed/pick-list.js';
import { PrintedPage, PrintedTable } from '../printed/printed-routes.js';
import { registerCsv, registerPage } from '../printed/register.js';
import { Booklets } from './booklets.service.js';
import { PickLists } from './pick-lists.service.js';
import { DaysQuery, RegisterQuery } from './redemption-days.dto.js';
import { Registers } from './registers.service.js';

/** What a village office prints: names as they may hang in the open. */
@ApiTags('redemption days')
@Controller('v1/admin')
@Roles('shopkeeper', 'manager', 'auditor')
export class PrintedPagesController {
  constructor(
    private readonly pickLists: PickLists,
    private readonly booklets: Booklets,
    private readonly registers: Registers,
  ) {}

  @Get('redemption-days/:day/pick-list')
  @PrintedPage()
  @Problems('NOT_FOUND', 'ENTRY_SCHEME_UNKNOWN', 'PLACE_OUT_OF_SCOPE', 'REDEMPTION_CLOSED')
  @ApiOperation({
    summary: 'The list for a day without network (签领单), A4 landscape; of a day of several schemes for one',
  })
  async pickList(
    @Param('day', ParseUUIDPipe) day: string,
    @Query() { scheme }: DaysQuery,
    @CurrentStaff() staff: Staff,
  ): Promise<string> {
    return pickListPage(await this.pickLists.read(day, scheme, staff));
  }

  @Get('redemption-days/:day/pick-list.csv')
  @PrintedTable('pick-list.csv')
  @Problems('NOT_FOUND', 'ENTRY_SCHEME_UNKNOWN', 'PLACE_OUT_OF_SCOPE', 'REDEMPTION_CLOSED')
  @ApiOperation({ summary: 'The same list for a spreadsheet' })
  async pickListTable(
    @Param('day', ParseUUIDPipe) day: string,
    @Query() { scheme }: DaysQuery,
    @CurrentStaff() staff: Staff,
  ): Promise<string> {
    return pickListCsv(await this.pickLists.read(day, scheme, staff));
  }

  @Get('subjects/:handle/booklet')
  @PrintedPage()
  @Problems('NOT_FOUND', 'ENTRY_SCHEME_UNKNOWN')
  @ApiOperation({ summary: "A subject's booklet (兑换本): what was earned and spent, and what is left" })
  async booklet(
    @Param('handle') handle: string,
    @Query() { scheme }: LedgerQuery,
    @CurrentStaff() staff: Staff,
  ): Promise<string> {
    return bookletPage(await this.booklets.read(handle, scheme, staff));
  }

  @Get('subjects/:handle/booklet.csv')
  @PrintedTable('booklet.csv')
  @Problems('NOT_FOUND', 'ENTRY_SCHEME_UNKNOWN')
  @ApiOperation({ summary: 'The same booklet for a spreadsheet' })
  async bookletTable(
    @Param('handle') handle: string,
    @Query() { scheme }: LedgerQuery,
    @CurrentStaff() staff: Staff,
  ): Promise<string> {
    return bookletCsv(await this.booklets.read(handle, scheme, staff));
  }

  @Get('schemes/:scheme/redemption-register')
  @PrintedPage()
  @Problems('ENTRY_SCHEME_UNKNOWN', 'PLACE_OUT_OF_SCOPE')
  @ApiOperation({ summary: "A shop's register (登记簿): what was handed out and taken back" })
  async register(
    @Param('scheme') scheme: string,
    @Query() span: RegisterQuery,
    @CurrentStaff() staff: Staff,
  ): Promise<string> {
    return registerPage(await this.registers.read(scheme, span, staff));
  }

  @Get('schemes/:scheme/redemption-register.csv')
  @PrintedTable('redemption-register.csv')
  @Problems('ENTRY_SCHEME_UNKNOWN', 'PLACE_OUT_OF_SCOPE')
  @ApiOperation({ summary: 'The same register for a spreadsheet' })
  async registerTable(
    @Param('scheme') scheme: string,
    @Query() span: RegisterQuery,
    @CurrentStaff() staff: Staff,
  ): Promise<string> {
    return registerCsv(await this.registers.read(scheme, span, staff));
  }
}
