import { ApiProperty } from '@nestjs/swagger';
import { CardCodeAnswer } from '../redemption/redemptions.dto.js';
import type { DayReconciliation, DaySettlement, DayState, RedemptionDay } from './day-rows.js';

class DifferenceAnswer {
  @ApiProperty()
  scheme!: string;

  @ApiProperty({ description: 'Handle' })
  subject!: string;

  @ApiProperty({ enum: ['WALLET_BELOW_ZERO', 'WALLET_NOT_POSTED', 'WALLET_NOT_EARNED'] })
  code!: DaySettlement['differences'][number]['code'];

  @ApiProperty({ type: 'integer', description: 'What is there less what should be, in points' })
  difference!: number;
}

export class SettlementAnswer implements DaySettlement {
  @ApiProperty({ type: 'integer', description: 'Wallets' })
  subjects!: number;

  @ApiProperty({ type: 'integer', description: 'What all of them together can spend' })
  points!: number;

  @ApiProperty({ type: [DifferenceAnswer], description: 'Empty: the day may be opened' })
  differences!: readonly DifferenceAnswer[];
}

class ShelfAnswer {
  @ApiProperty()
  scheme!: string;

  @ApiProperty()
  sku!: string;

  @ApiProperty({ type: 'integer', description: 'Pieces, had the day not been' })
  before!: number;

  @ApiProperty({ type: 'integer', description: 'By the register' })
  handedOut!: number;

  @ApiProperty({ type: 'integer', description: 'By count' })
  after!: number;

  @ApiProperty({ type: 'integer', description: 'Negative where pieces are missing' })
  variance!: number;
}

class DayShortageAnswer {
  @ApiProperty()
  scheme!: string;

  @ApiProperty({ description: 'Handle' })
  subject!: string;

  @ApiProperty({ type: 'integer' })
  points!: number;
}

export class ReconciliationAnswer implements DayReconciliation {
  @ApiProperty({ type: 'integer' })
  people!: number;

  @ApiProperty({ type: 'integer' })
  points!: number;

  @ApiProperty({ type: 'integer' })
  items!: number;

  @ApiProperty({ type: [String], description: 'Handles of those who took something without standing on the list' })
  uninvited!: readonly string[];

  @ApiProperty({ type: [String], description: 'Handles of those on the list who took nothing' })
  absent!: readonly string[];

  @ApiProperty({ type: [ShelfAnswer] })
  stock!: readonly ShelfAnswer[];

  @ApiProperty({ type: [DayShortageAnswer], description: 'What was signed for on paper beyond the balance' })
  shortages!: readonly DayShortageAnswer[];
}

export class PlannedDayAnswer {
  @ApiProperty({ format: 'uuid', description: 'Names the day in every route' })
  day!: string;

  @ApiProperty({ type: [String], description: 'Those whose shops sell on it' })
  schemes!: readonly string[];

  @ApiProperty({ type: 'integer', nullable: true, description: 'How many are on the list; null: everybody is welcome' })
  invited!: number | null;
}

export class DayAnswer extends PlannedDayAnswer {
  @ApiProperty({ description: 'The scheme it was planned for' })
  scheme!: string;

  @ApiProperty({ format: 'date', description: 'Asia/Shanghai' })
  on!: string;

  @ApiProperty()
  title!: string;

  @ApiProperty({ enum: ['planned', 'settled', 'open', 'closed'] })
  state!: DayState;

  @ApiProperty()
  plannedBy!: string;

  @ApiProperty({ type: String, nullable: true })
  openedBy!: string | null;

  @ApiProperty({ type: String, nullable: true })
  closedBy!: string | null;

  @ApiProperty({ type: SettlementAnswer, nullable: true, description: 'The last one before it was opened' })
  settlement!: DaySettlement | null;

  @ApiProperty({ type: ReconciliationAnswer, nullable: true })
  reconciliation!: DayReconciliation | null;
}

export class ShownDayAnswer extends DayAnswer {
  @ApiProperty({
    type: [String],
    nullable: true,
    description: 'Handles of those on the list; null: everybody is welcome',
  })
  list!: readonly string[] | null;
}

export class DaysAnswer {
  @ApiProperty({ type: [DayAnswer], description: 'The latest first' })
  days!: readonly DayAnswer[];
}

class BookedLineAnswer {
  @ApiProperty({ type: 'integer' })
  line!: number;

  @ApiProperty()
  subject!: string;

  @ApiProperty()
  sku!: string;

  @ApiProperty({ type: 'integer' })
  n!: number;

  @ApiProperty({ required: false, description: 'Handle of who signed for the subject' })
  collectedBy?: string;

  @ApiProperty({ format: 'uuid', description: 'Names it when something comes back' })
  redemption!: string;

  @ApiProperty({ type: 'integer', description: 'For all the pieces' })
  points!: number;

  @ApiProperty({ type: 'integer', description: 'What of them stands in the shortage register' })
  shortage!: number;

  @ApiProperty({
    type: [CardCodeAnswer],
    required: false,
    description: 'One for each piece that is no goods, for who signed',
  })
  codes?: readonly CardCodeAnswer[];
}

export class PaperBatchAnswer {
  @ApiProperty({ type: [BookedLineAnswer] })
  lines!: readonly BookedLineAnswer[];
}

export function dayAnswer({ id: day, ...facts }: RedemptionDay): DayAnswer {
  return { day, ...facts };
}
