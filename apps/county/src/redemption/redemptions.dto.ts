import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { CLIENT_KEY } from '../ledger/ledger.dto.js';
import { HANDLE } from '../residents/residents.dto.js';
import type { AskedItem, Order, Receipt } from './redemptions.service.js';

export class AskedItemBody implements AskedItem {
  @ApiProperty({ description: 'Of the catalogue' })
  @Matches(CLIENT_KEY)
  sku!: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 100 })
  @IsInt()
  @Min(1)
  @Max(100)
  n!: number;
}

export class RedemptionRequest implements Order {
  @ApiProperty({ description: "The client's idempotency key", pattern: CLIENT_KEY.source })
  @Matches(CLIENT_KEY)
  key!: string;

  @ApiProperty({ description: 'Id of the scheme whose wallet pays' })
  @Matches(CLIENT_KEY)
  scheme!: string;

  @ApiPropertyOptional({ description: 'Id of the scheme whose shop sells, where it is another one of the area' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  shop?: string;

  @ApiProperty({ description: 'Handle' })
  @Matches(HANDLE)
  subject!: string;

  @ApiProperty({ type: [AskedItemBody], maxItems: 50 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique((item: AskedItemBody) => item.sku)
  @ValidateNested({ each: true })
  @Type(() => AskedItemBody)
  items!: AskedItemBody[];

  @ApiPropertyOptional({ description: 'Handle of the member of the household who collects' })
  @IsOptional()
  @Matches(HANDLE)
  collectedBy?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of the redemption day' })
  @IsOptional()
  @IsUUID()
  day?: string;
}

class TakenItemAnswer {
  @ApiProperty()
  sku!: string;

  @ApiProperty({ type: 'integer' })
  n!: number;

  @ApiProperty({ type: 'integer', description: 'For all the pieces' })
  points!: number;
}

class CardCodeAnswer {
  @ApiProperty()
  sku!: string;

  @ApiProperty({ description: 'One-time; for whoever provides it' })
  code!: string;
}

export class ReceiptAnswer implements Receipt {
  @ApiProperty({ format: 'uuid' })
  redemption!: string;

  @ApiProperty({ type: 'integer' })
  points!: number;

  @ApiProperty({ type: 'integer', description: 'Of the wallet, afterwards' })
  balance!: number;

  @ApiProperty({ type: [TakenItemAnswer] })
  items!: readonly TakenItemAnswer[];

  @ApiPropertyOptional({ type: [CardCodeAnswer] })
  codes?: readonly CardCodeAnswer[];
}
