import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { CLIENT_KEY } from '../ledger/ledger.dto.js';
import { HANDLE } from '../residents/residents.dto.js';
import type { UsedCard } from './card-codes.service.js';
import type { AskedItem, Order, Receipt } from './redemptions.service.js';
import type { Return, Returned, ReturnedItem } from './returns.service.js';

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

export class CardCodeAnswer {
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

export class ReturnedItemBody extends AskedItemBody implements ReturnedItem {
  @ApiPropertyOptional({ type: [String], description: 'Which cards come back, where some of them stay' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(40, { each: true })
  codes?: string[];
}

export class ReturnRequest implements Return {
  @ApiProperty({ description: "The client's idempotency key", pattern: CLIENT_KEY.source })
  @Matches(CLIENT_KEY)
  key!: string;

  @ApiProperty({ type: [ReturnedItemBody], maxItems: 50 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique((item: ReturnedItemBody) => item.sku)
  @ValidateNested({ each: true })
  @Type(() => ReturnedItemBody)
  items!: ReturnedItemBody[];

  @ApiProperty({ maxLength: 500 })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  reason!: string;
}

export class ReturnedAnswer implements Returned {
  @ApiProperty({ format: 'uuid' })
  return!: string;

  @ApiProperty({ type: 'integer', description: 'Credited' })
  points!: number;

  @ApiProperty({ type: 'integer', description: 'Of the wallet, afterwards' })
  balance!: number;

  @ApiProperty({ type: 'integer', description: 'Still open in the shortage register' })
  shortage!: number;
}

export class CardUseRequest {
  @ApiProperty({ description: "The client's idempotency key", pattern: CLIENT_KEY.source })
  @Matches(CLIENT_KEY)
  key!: string;

  @ApiProperty({ maxLength: 40, description: 'As the card shows it' })
  @IsString()
  @MinLength(1)
  @MaxLength(40)
  code!: string;
}

export class UsedCardAnswer implements UsedCard {
  @ApiProperty()
  sku!: string;

  @ApiProperty()
  label!: string;

  @ApiProperty({ description: 'Id of the scheme whose shop sold it' })
  scheme!: string;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  usedAt!: number;
}
