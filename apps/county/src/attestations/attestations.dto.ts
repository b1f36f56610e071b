import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { PARTNER_ID } from '../consent/consents.dto.js';
import { CLIENT_KEY } from '../ledger/ledger.dto.js';

export class IssueRequest {
  @ApiProperty({ pattern: PARTNER_ID.source, example: 'rugao-spot' })
  @IsString()
  @Matches(PARTNER_ID)
  partner!: string;

  @ApiPropertyOptional({ description: 'Id of a scheme; that whose grades leave the county where it is left out' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  scheme?: string;

  @ApiProperty({ description: 'Proof of possession of the holder key (OpenID4VCI 1.0 appendix F.1), a compact JWS' })
  @IsString()
  @MaxLength(4_096)
  proof!: string;
}

export class IssuedAnswer {
  @ApiProperty()
  partner!: string;

  @ApiProperty({ description: 'SD-JWT VC with all its disclosures' })
  attestation!: string;
}

export class RevokeRequest {
  @ApiPropertyOptional({ description: 'All partners where it is left out' })
  @IsOptional()
  @IsString()
  @Matches(PARTNER_ID)
  partner?: string;

  @ApiProperty({ minLength: 1, maxLength: 200, description: 'For the audit trail; no personal data' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  reason!: string;
}

export class RevokedAnswer {
  @ApiProperty({ type: 'integer', description: 'How many attestations were revoked' })
  revoked!: number;
}
