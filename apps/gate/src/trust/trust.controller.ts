import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { AnyStaff } from '#libs/staff';
import { StatusListKeeper } from '../status-lists/status-list-keeper.js';
import { TimeFloor } from './time-floor.js';
import { TrustKeeper } from './trust-keeper.js';

class TrustAnswer {
  @ApiProperty({ type: 'integer', nullable: true })
  epoch!: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Version of the newest root keys this gate has followed',
  })
  anchorVersion!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'null until a head was ever taken in' })
  seq!: number | null;

  @ApiProperty({ type: 'integer', nullable: true })
  round!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Unix seconds' })
  headIat!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Unix seconds; stale from then on' })
  expiresAt!: number | null;

  @ApiProperty({ type: 'integer', description: 'Unix seconds: the largest signed time taken in' })
  timeFloor!: number;

  @ApiProperty({ type: 'integer', description: 'Status lists of all members' })
  statusListsListed!: number;

  @ApiProperty({ type: 'integer' })
  statusListsHeld!: number;

  @ApiProperty({ type: String, nullable: true, description: 'Why the last attempt at a newer head came to nothing' })
  lastFault!: string | null;
}

@ApiTags('trust')
@Controller('v1/trust')
export class TrustController {
  constructor(
    private readonly trust: TrustKeeper,
    private readonly lists: StatusListKeeper,
    private readonly floor: TimeFloor,
  ) {}

  @Get()
  @AnyStaff()
  @ApiOperation({ summary: 'What this gate goes by, and how old it is' })
  @ApiOkResponse({ type: TrustAnswer })
  show(): TrustAnswer {
    const trust = this.trust.current();
    const { listed, held } = this.lists.counts();
    return {
      anchorVersion: trust?.anchor.version ?? null,
      epoch: trust?.epoch ?? null,
      seq: trust?.seq ?? null,
      round: trust?.round ?? null,
      headIat: trust?.headIat ?? null,
      expiresAt: trust?.expiresAt ?? null,
      timeFloor: this.floor.value,
      statusListsListed: listed,
      statusListsHeld: held,
      lastFault: this.trust.lastFault() ?? null,
    };
  }
}
