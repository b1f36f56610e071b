import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { CLIENT_KEY } from '../ledger/ledger.dto.js';

/** A partner's id as documents of the alliance write it. */
export const PARTNER_ID = /^[A-Za-z0-9](?:[A-Za-z0-9._:/-]{0,126}[A-Za-z0-9])?$/;

export class ConsentRequest {
  @ApiProperty({ pattern: PARTNER_ID.source, example: 'rugao-spot' })
  @IsString()
  @Matches(PARTNER_ID)
  partner!: string;

  @ApiProperty({ maxLength: 100, example: '景区门票优惠' })
  @IsString()
  @MaxLength(100)
  @Matches(/^[^\p{C}]*[^\p{C}\s][^\p{C}]*$/u, { message: 'must be readable text' })
  purpose!: string;

  @ApiPropertyOptional({ description: 'Id of a scheme whose badge the partner may be shown; without it, a tier' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  badge?: string;
}

class Issuer {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  name!: string;
}

class BilingualText {
  @ApiProperty()
  zh!: string;

  @ApiProperty()
  en!: string;
}

export class ConsentReceiptAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ type: Issuer })
  issuer!: Issuer;

  @ApiProperty({ description: 'The recipient' })
  partner!: string;

  @ApiProperty()
  purpose!: string;

  @ApiProperty({ enum: ['tier', 'badge'] })
  dataKind!: string;

  @ApiPropertyOptional({ description: 'Of a badge: the scheme that gives it' })
  scheme?: string;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  givenAt!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Unix seconds; null while it stands' })
  withdrawnAt!: number | null;

  @ApiProperty({ type: BilingualText, description: 'The consent in plain words' })
  text!: BilingualText;
}
