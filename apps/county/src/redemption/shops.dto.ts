import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import type { CatalogueItem } from '#libs/scheme';
import { CLIENT_KEY } from '../ledger/ledger.dto.js';
import type { FundMovement, FundState, Inflow } from './funds.service.js';
import type { Shop, ShopItem } from './shops.service.js';
import type { Count, Counted, Delivered, Delivery } from './stock.service.js';

const SOURCES = ['award', 'collective', 'sponsor', 'donation'] as const;
/** Ten million yuan. */
const MOST_FEN = 1_000_000_000;
const MOST_PIECES = 1_000_000;

class KeyedBody {
  @ApiProperty({ description: "The client's idempotency key", pattern: CLIENT_KEY.source })
  @Matches(CLIENT_KEY)
  key!: string;

  @ApiProperty({ description: 'Id of a scheme' })
  @Matches(CLIENT_KEY)
  scheme!: string;
}

export class InflowRequest extends KeyedBody implements Inflow {
  @ApiProperty({ description: 'Id of a fund of the scheme' })
  @Matches(CLIENT_KEY)
  fund!: string;

  @ApiProperty({ enum: SOURCES, description: 'An award comes out of the fund that the document names' })
  @IsIn(SOURCES)
  source!: Inflow['source'];

  @ApiProperty({ type: 'integer', minimum: 1 })
  @IsInt()
  @Min(1)
  @Max(MOST_FEN)
  amountFen!: number;

  @ApiProperty({ maxLength: 200 })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  note!: string;
}

export class DeliveryRequest extends KeyedBody implements Delivery {
  @ApiProperty({ description: 'Of goods of the catalogue' })
  @Matches(CLIENT_KEY)
  sku!: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  @IsInt()
  @Min(1)
  @Max(MOST_PIECES)
  n!: number;

  @ApiPropertyOptional({ description: 'Id of the fund that pays; the one the catalogue names where left out' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  fund?: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: '0 for what was given' })
  @IsInt()
  @Min(0)
  @Max(MOST_FEN)
  costFen!: number;
}

export class CountRequest extends KeyedBody implements Count {
  @ApiProperty()
  @Matches(CLIENT_KEY)
  sku!: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Pieces on the shelf' })
  @IsInt()
  @Min(0)
  @Max(MOST_PIECES)
  counted!: number;

  @ApiPropertyOptional({ maxLength: 500, description: 'Asked for where it is not what should be there' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  reason?: string;
}

export class DeliveredAnswer implements Delivered {
  @ApiProperty({ type: 'integer' })
  stock!: number;

  @ApiProperty({ type: 'integer', nullable: true })
  balanceFen!: number | null;
}

export class CountedAnswer implements Counted {
  @ApiProperty({ type: 'integer', description: 'Pieces that should have been there' })
  before!: number;

  @ApiProperty({ type: 'integer' })
  counted!: number;

  @ApiProperty({ type: 'integer', description: 'Negative where pieces are missing' })
  variance!: number;
}

export class FundStateAnswer implements FundState {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  label!: string;

  @ApiProperty({ description: 'Id of the scheme whose money it is' })
  owner!: string;

  @ApiProperty({ type: 'integer' })
  balanceFen!: number;
}

class FundMovementAnswer implements FundMovement {
  @ApiProperty({ type: 'integer' })
  amountFen!: number;

  @ApiProperty({ enum: [...SOURCES, 'awarded', 'delivery'] })
  cause!: FundMovement['cause'];

  @ApiProperty()
  key!: string;

  @ApiProperty()
  note!: string;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  at!: number;

  @ApiProperty()
  by!: string;
}

export class FundAnswer extends FundStateAnswer {
  @ApiProperty({ type: [FundMovementAnswer] })
  movements!: readonly FundMovementAnswer[];
}

class ShopItemAnswer implements ShopItem {
  @ApiProperty()
  sku!: string;

  @ApiProperty()
  label!: string;

  @ApiProperty({ enum: ['goods', 'service', 'voucher', 'facility', 'training'] })
  kind!: CatalogueItem['kind'];

  @ApiProperty({ type: 'integer', description: 'Points for one piece' })
  price!: number;

  @ApiPropertyOptional({ type: 'object', properties: { per: { type: 'string' }, n: { type: 'integer' } } })
  limit?: CatalogueItem['limit'];

  @ApiPropertyOptional()
  provider?: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Pieces on the shelf; null for what is no goods' })
  stock!: number | null;
}

export class ShopAnswer implements Shop {
  @ApiProperty({ type: [ShopItemAnswer] })
  items!: readonly ShopItemAnswer[];

  @ApiProperty({ type: [FundStateAnswer] })
  funds!: readonly FundStateAnswer[];
}
