import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Outbox } from '#libs/messaging';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { EmptyBodyPipe } from '../empty-body.pipe.js';
import { Places } from '../places/places.service.js';
import { CountyStatements } from './county-statements.service.js';
import { CountersignRequest, OutboxAnswer, SentAnswer } from './statements.dto.js';

/** What the county says as a whole, and so nobody who is confined to a part of it. */
@ApiTags('statements to the federation')
@Problems('PLACE_OUT_OF_SCOPE')
@Controller('v1/admin')
export class StatementsController {
  constructor(
    private readonly statements: CountyStatements,
    private readonly outbox: Outbox,
    private readonly database: DataSource,
    private readonly places: Places,
  ) {}

  @Post('scheme-declarations')
  @Problems('BODY_INVALID')
  @HttpCode(202)
  @Roles('county_manager')
  @ApiOperation({ summary: 'Declare the scheme to the federation: grades and fingerprint, no threshold and no rule' })
  @ApiAcceptedResponse({ type: SentAnswer })
  async declare(@CurrentStaff() staff: Staff, @Body(EmptyBodyPipe) _body: undefined): Promise<SentAnswer> {
    await this.places.refuseConfined(staff);
    return this.statements.declareScheme(staff.username);
  }

  @Post('countersignatures')
  @HttpCode(202)
  @Roles('county_manager')
  @Problems('COUNTERSIGNATURE_REFUSED')
  @ApiOperation({
    summary:
      'Sign a table of a declared scheme, a partner hosted here, an offer of such a partner, or again a scheme once declared',
  })
  @ApiAcceptedResponse({ type: SentAnswer })
  async countersign(@Body() { payload }: CountersignRequest, @CurrentStaff() staff: Staff): Promise<SentAnswer> {
    await this.places.refuseConfined(staff);
    return this.statements.countersign(payload, staff.username);
  }

  @Get('outbox')
  @Roles('county_manager', 'auditor')
  @ApiOperation({ summary: 'What is on its way to the federation' })
  @ApiOkResponse({ type: OutboxAnswer })
  async read(@CurrentStaff() staff: Staff): Promise<OutboxAnswer> {
    await this.places.refuseConfined(staff);
    const { manager } = this.database;
    const [{ pending, rejected }, latest] = [await this.outbox.backlog(manager), await this.outbox.latest(manager)];
    const messages = latest.map(({ id, attempts, createdAt, deliveredAt, rejectedAt, code }) => ({
      id,
      state:
        deliveredAt !== null
          ? ('delivered' as const)
          : rejectedAt !== null
            ? ('rejected' as const)
            : ('pending' as const),
      attempts,
      createdAt: Math.floor(createdAt.getTime() / 1000),
      code,
    }));
    return { pending, rejected, messages };
  }
}
