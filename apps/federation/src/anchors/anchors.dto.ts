import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsDefined, IsOptional, ValidateNested } from 'class-validator';
import { SignedDocumentDto } from '../delegation/delegation.dto.js';

export class InstallAnchorRequest {
  @ApiProperty({ type: SignedDocumentDto })
  @IsDefined()
  @ValidateNested()
  @Type(() => SignedDocumentDto)
  anchor!: SignedDocumentDto;

  @ApiPropertyOptional({
    type: [SignedDocumentDto],
    maxItems: 2,
    description: 'The delegation in force, and a prepared one, with the signatures of the new roots',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(2)
  @ValidateNested({ each: true })
  @Type(() => SignedDocumentDto)
  delegations?: SignedDocumentDto[];
}

export class AnchorAnswer {
  @ApiProperty({ type: 'integer' })
  version!: number;

  @ApiProperty()
  digest!: string;
}
