import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
} from 'class-validator';
import { DOCUMENT_TYPES, type DocumentType } from '#libs/alliance';
import { DOCUMENT_STATES, type DocumentState } from './document.entity.js';
import type { MissingSignature } from './signing-panel.js';

export const DIGEST = /^[A-Za-z0-9_-]{43}$/;
export const DETACHED_JWS = /^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+$/;
const MAX_JWS = 1_024;

export class DigestParameter {
  @ApiProperty({ description: 'base64url(SHA-256(payload bytes))', pattern: DIGEST.source })
  @Matches(DIGEST)
  digest!: string;
}

export class FileDocumentRequest {
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'A wire document with its `type`' })
  @IsObject()
  payload!: Record<string, unknown>;

  @ApiPropertyOptional({ description: 'Keep as a draft: only its form is checked' })
  @IsOptional()
  @IsBoolean()
  draft?: boolean;

  @ApiPropertyOptional({ type: 'integer', description: 'Unix seconds; accepted before the first head only' })
  @IsOptional()
  @IsInt()
  @Min(0)
  submittedAt?: number;

  @ApiPropertyOptional({ type: [String], maxItems: 16, description: 'Detached JWS to add at once' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(16)
  @IsString({ each: true })
  @MaxLength(MAX_JWS, { each: true })
  @Matches(DETACHED_JWS, { each: true })
  signatures?: string[];
}

export class SignatureRequest {
  @ApiProperty({ description: 'Compact JWS with detached payload (RFC 7515 appendix F)', maxLength: MAX_JWS })
  @IsString()
  @MaxLength(MAX_JWS)
  @Matches(DETACHED_JWS)
  signature!: string;
}

export class DocumentQuery {
  @ApiPropertyOptional({ enum: DOCUMENT_TYPES })
  @IsOptional()
  @IsIn(DOCUMENT_TYPES)
  type?: DocumentType;

  @ApiPropertyOptional({ enum: DOCUMENT_STATES })
  @IsOptional()
  @IsIn(DOCUMENT_STATES)
  state?: DocumentState;

  @ApiPropertyOptional({ maxLength: 200 })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  id?: string;
}

class MissingOwner {
  @ApiProperty({ enum: ['owner'] })
  role!: 'owner';

  @ApiProperty({ description: 'The member or partner whose statement key must sign' })
  organisation!: string;
}

class MissingOfficer {
  @ApiProperty({ enum: ['officer'] })
  role!: 'officer';

  @ApiProperty({ type: [String], description: 'Organisations that do not count here (any more)' })
  otherThan!: string[];
}

class FiledSignature {
  @ApiProperty()
  kid!: string;

  @ApiProperty()
  organisation!: string;

  @ApiProperty({ enum: ['owner', 'officer'] })
  role!: 'owner' | 'officer';

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  receivedAt!: number;
}

@ApiExtraModels(MissingOwner, MissingOfficer)
export class DocumentLine {
  @ApiProperty()
  digest!: string;

  @ApiProperty({ enum: DOCUMENT_TYPES })
  type!: DocumentType;

  @ApiProperty()
  id!: string;

  @ApiProperty({ type: 'integer' })
  version!: number;

  @ApiProperty({ enum: DOCUMENT_STATES })
  state!: DocumentState;

  @ApiProperty({ description: 'Base64url of the canonical payload: what is signed' })
  payload!: string;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  filedAt!: number;

  @ApiPropertyOptional({ type: 'integer' })
  submittedAt?: number;

  @ApiPropertyOptional({ type: 'integer' })
  completedAt?: number;

  @ApiPropertyOptional({ type: 'integer' })
  publishedAt?: number;

  @ApiProperty({
    type: 'array',
    description: 'Whose signatures it still needs, by the present keys and officers',
    items: { oneOf: [{ $ref: getSchemaPath(MissingOwner) }, { $ref: getSchemaPath(MissingOfficer) }] },
  })
  missing!: MissingSignature[];

  @ApiPropertyOptional({
    type: 'array',
    description: 'The same by the officers of the prepared delegation; left out when none is prepared',
    items: { oneOf: [{ $ref: getSchemaPath(MissingOwner) }, { $ref: getSchemaPath(MissingOfficer) }] },
  })
  missingNext?: MissingSignature[];
}

export class DocumentAnswer extends DocumentLine {
  @ApiProperty({ type: [FiledSignature] })
  signatures!: FiledSignature[];
}

export class DocumentList {
  @ApiProperty({ type: [DocumentLine] })
  documents!: DocumentLine[];
}
