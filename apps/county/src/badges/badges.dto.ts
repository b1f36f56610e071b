import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { PARTNER_ID } from '../consent/consents.dto.js';
import { CLIENT_KEY } from '../ledger/ledger.dto.js';

export class BadgeRequest {
  @ApiProperty({ description: 'Id of a scheme that gives badges' })
  @Matches(CLIENT_KEY)
  scheme!: string;

  @ApiPropertyOptional({ description: 'Id of a grading; may be left out where the scheme gives one badge only' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  grading?: string;

  @ApiProperty({ pattern: PARTNER_ID.source, example: 'rugao-spot' })
  @IsString()
  @Matches(PARTNER_ID)
  partner!: string;

  @ApiProperty({ description: 'Proof of possession of the holder key (OpenID4VCI 1.0 appendix F.1), a compact JWS' })
  @IsString()
  @MaxLength(4_096)
  proof!: string;
}

export class IssuedBadgeAnswer {
  @ApiProperty({ description: 'SD-JWT VC without disclosures' })
  badge!: string;
}
