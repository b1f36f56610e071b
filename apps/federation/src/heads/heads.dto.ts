import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Matches, Max, Min } from 'class-validator';
import { SignedDocumentDto } from '../delegation/delegation.dto.js';
import { DIGEST } from '../documents/documents.dto.js';

export class HeadParameters {
  @ApiProperty({ type: 'integer' })
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  epoch!: number;

  @ApiProperty({ type: 'integer' })
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  seq!: number;
}

export class DocsRootParameter {
  @ApiProperty({ pattern: DIGEST.source })
  @Matches(DIGEST)
  docsRoot!: string;
}

export class HeadAnswer {
  @ApiPropertyOptional({ type: [SignedDocumentDto], description: 'Ascending; where the roots have been rotated' })
  anchors?: SignedDocumentDto[];

  @ApiProperty({ type: SignedDocumentDto })
  delegation!: SignedDocumentDto;

  @ApiProperty({ type: SignedDocumentDto })
  round!: SignedDocumentDto;

  @ApiProperty({ description: 'Compact JWS, typ xinqiao-head+jwt' })
  head!: string;
}

export class BundleAnswer extends HeadAnswer {
  @ApiProperty({ type: [SignedDocumentDto] })
  documents!: SignedDocumentDto[];
}

export class DigestsAnswer {
  @ApiProperty({ type: [String], description: 'Ascending' })
  digests!: string[];
}
