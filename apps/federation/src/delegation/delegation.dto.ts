import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsDefined, IsString, Matches, MaxLength, ValidateNested } from 'class-validator';
import { DETACHED_JWS } from '../documents/documents.dto.js';

export class SignedDocumentDto {
  @ApiProperty({ description: 'Base64url of the canonical payload' })
  @IsString()
  @MaxLength(700_000)
  @Matches(/^[A-Za-z0-9_-]+$/)
  payload!: string;

  @ApiProperty({ type: [String], description: 'Compact JWS with detached payload' })
  @IsArray()
  @ArrayMaxSize(16)
  @IsString({ each: true })
  @MaxLength(1_024, { each: true })
  @Matches(DETACHED_JWS, { each: true })
  signatures!: string[];
}

export class InstallDelegationRequest {
  @ApiProperty({ type: SignedDocumentDto })
  @IsDefined()
  @ValidateNested()
  @Type(() => SignedDocumentDto)
  delegation!: SignedDocumentDto;
}

export class DelegationAnswer {
  @ApiProperty({ type: 'integer' })
  epoch!: number;

  @ApiProperty()
  digest!: string;
}

export class DescribedDelegation extends DelegationAnswer {
  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  exp!: number;

  @ApiProperty({ type: SignedDocumentDto })
  delegation!: SignedDocumentDto;
}

export class CurrentDelegationAnswer extends DescribedDelegation {
  @ApiPropertyOptional({ type: DescribedDelegation, description: 'In force from the first round of its epoch on' })
  prepared?: DescribedDelegation;
}
