import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

/** A county's own number of a resident. */
export const HANDLE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const NAME = /^[\p{L}\p{M}][\p{L}\p{M}·.’' -]{0,39}$/u;

export class NewResident {
  @ApiProperty({ pattern: HANDLE.source, example: 'rc-0001' })
  @Matches(HANDLE)
  handle!: string;

  @ApiProperty({ maxLength: 40, example: '王小明' })
  @IsString()
  @Matches(NAME, { message: 'must be a name of 1 to 40 letters' })
  name!: string;

  @ApiProperty({ pattern: '^[0-9A-Z]{4}$', description: 'Last four characters of the identity document' })
  @Matches(/^[0-9A-Z]{4}$/)
  documentLast4!: string;

  @ApiProperty({ type: 'integer', example: 1980 })
  @IsInt()
  @Min(1880)
  @Max(9999)
  birthYear!: number;
}

export class RecordResidentsRequest {
  @ApiProperty({ type: [NewResident], maxItems: 500 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => NewResident)
  residents!: NewResident[];
}

export class RecordedAnswer {
  @ApiProperty({ type: 'integer', description: 'How many were new' })
  recorded!: number;

  @ApiProperty({ type: 'integer', description: 'How many were there already, with the same content' })
  existing!: number;
}
