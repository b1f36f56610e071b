import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { CLIENT_KEY } from '../ledger/ledger.dto.js';
import type { Clearing, ClearingRow } from './areas.service.js';

export class ClearRequest {
  @ApiProperty({ description: "The client's idempotency key", pattern: CLIENT_KEY.source })
  @Matches(CLIENT_KEY)
  key!: string;
}

class ClearingRowAnswer implements ClearingRow {
  @ApiProperty()
  scheme!: string;

  @ApiProperty({ type: String, nullable: true })
  fund!: string | null;

  @ApiProperty({ type: 'integer' })
  owesPoints!: number;

  @ApiProperty({ type: 'integer' })
  owedPoints!: number;

  @ApiProperty({ type: 'integer', description: 'What it receives, or pays where negative' })
  points!: number;
}

export class ClearingAnswer implements Clearing {
  @ApiProperty({ type: [ClearingRowAnswer] })
  rows!: readonly ClearingRowAnswer[];

  @ApiProperty({ type: 'integer', description: 'Of the points of all rows: always 0' })
  sum!: number;
}

export class ClearedAnswer extends ClearingAnswer {
  @ApiProperty({ format: 'uuid' })
  clearing!: string;
}
