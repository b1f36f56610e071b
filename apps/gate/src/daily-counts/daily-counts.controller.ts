import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsISO8601, IsString, Matches, MaxLength } from 'class-validator';
import { Problems } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import { GATE_MANAGER, SETTLEMENT } from '../gate-roles.js';
import { SiteDirectory } from '../sites/site-directory.js';
import { DailyCounter, type DailyCounts } from './daily-counts.js';

class DailyCountsQuery {
  @ApiProperty({ format: 'date', description: 'Asia/Shanghai' })
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  @IsISO8601({ strict: true })
  day!: string;

  @ApiProperty()
  @IsString()
  @MaxLength(200)
  site!: string;
}

class OfferCountsAnswer {
  @ApiProperty()
  offer!: string;

  @ApiProperty({ type: 'integer' })
  granted!: number;

  @ApiProperty({ type: 'integer', description: 'Granted by a clerk who compared the document' })
  accepted!: number;

  @ApiProperty({ type: 'integer' })
  declined!: number;

  @ApiProperty({ type: 'integer', description: 'Counted on the day of the void' })
  voided!: number;

  @ApiProperty({ type: 'integer' })
  reentries!: number;

  @ApiProperty({ type: 'integer', description: 'granted + accepted − voided' })
  net!: number;
}

class DailyCountsAnswer {
  @ApiProperty({ format: 'date' })
  day!: string;

  @ApiProperty()
  site!: string;

  @ApiProperty({ type: 'integer' })
  noProof!: number;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, description: 'By verdict code' })
  others!: object;

  @ApiProperty({ type: [OfferCountsAnswer] })
  offers!: OfferCountsAnswer[];
}

@ApiTags('daily counts')
@Controller('v1/daily-counts')
export class DailyCountsController {
  constructor(
    private readonly counter: DailyCounter,
    private readonly sites: SiteDirectory,
  ) {}

  @Get()
  @Roles(GATE_MANAGER, SETTLEMENT)
  @Problems('SITE_UNKNOWN', 'SITE_OUT_OF_SCOPE', 'BODY_INVALID')
  @ApiOperation({ summary: 'What settles for a site on a day' })
  @ApiOkResponse({ type: DailyCountsAnswer })
  show(@Query() { day, site }: DailyCountsQuery, @CurrentStaff() staff: Staff): Promise<DailyCounts> {
    return this.counter.of(day, this.sites.onlineFor(staff, site).site);
  }
}
