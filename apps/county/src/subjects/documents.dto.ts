import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength } from 'class-validator';
import type { DocumentType } from './document-number.js';

const DOCUMENT_TYPES = ['resident_id', 'other'] as const;

export class DocumentNumber {
  @ApiProperty({
    enum: DOCUMENT_TYPES,
    description: 'resident_id: GB 11643, checked; other: 5 to 30 letters and digits',
  })
  @IsIn(DOCUMENT_TYPES)
  type!: DocumentType;

  @ApiProperty({ maxLength: 60, description: 'As written; kept encrypted, and never given out' })
  @IsString()
  @MaxLength(60)
  number!: string;
}

export class ResealedAnswer {
  @ApiProperty({ type: 'integer', description: 'How many numbers are under the active keys only now' })
  resealed!: number;
}
