import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { DIGEST } from '../documents/documents.dto.js';
import type { SuspensionEntity } from './suspension.entity.js';

export class SuspendRequest {
  @ApiProperty({ description: 'Of a document that is published now', pattern: DIGEST.source })
  @Matches(DIGEST)
  digest!: string;

  @ApiProperty({ description: 'For the review; no personal data', minLength: 1, maxLength: 500 })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  reason!: string;
}

export class SuspensionAnswer {
  @ApiProperty()
  digest!: string;

  @ApiProperty()
  reason!: string;

  @ApiProperty({ description: 'User name of the officer' })
  officer!: string;

  @ApiProperty()
  organisation!: string;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  suspendedAt!: number;

  @ApiProperty({ enum: ['open', 'lifted'], description: 'open: in force, and to be reviewed' })
  review!: 'open' | 'lifted';

  @ApiPropertyOptional({ type: 'integer', description: 'Unix seconds' })
  liftedAt?: number;

  @ApiPropertyOptional({ description: 'Digest of the round that lifted it' })
  liftedByRound?: string;

  static of(entity: SuspensionEntity): SuspensionAnswer {
    const { digest, reason, officer, organisation, suspendedAt, review, liftedAt, liftedByRound } = entity;
    return {
      digest,
      reason,
      officer,
      organisation,
      suspendedAt,
      review,
      ...(liftedAt === null ? {} : { liftedAt }),
      ...(liftedByRound === null ? {} : { liftedByRound }),
    };
  }
}

export class SuspensionList {
  @ApiProperty({ type: [SuspensionAnswer] })
  suspensions!: SuspensionAnswer[];
}
