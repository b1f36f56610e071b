import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { DIGEST } from '../documents/documents.dto.js';
import type { RoundView } from './rounds.js';

export class DraftRoundRequest {
  @ApiPropertyOptional({ type: [String], description: 'Digests whose suspension ends with this round' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1_000)
  @Matches(DIGEST, { each: true })
  lift?: string[];

  @ApiPropertyOptional({ type: 'integer', description: 'Of the prepared delegation; the one in force when left out' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  epoch?: number;
}

class RoundSigner {
  @ApiProperty()
  kid!: string;

  @ApiProperty()
  organisation!: string;
}

export class RoundAnswer {
  @ApiProperty()
  digest!: string;

  @ApiProperty({ description: 'Base64url of the canonical payload: what is signed' })
  payload!: string;

  @ApiProperty({ type: 'integer' })
  epoch!: number;

  @ApiProperty({ type: 'integer' })
  round!: number;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  expiresAt!: number;

  @ApiProperty({ type: [String], description: 'Digests of all documents under docs_root' })
  documents!: string[];

  @ApiProperty({ type: [String] })
  suspended!: string[];

  @ApiProperty({ type: [RoundSigner] })
  signatures!: RoundSigner[];

  @ApiProperty({ description: 'Two organisations have signed, and a head is published' })
  adopted!: boolean;

  static of({ round, signatures }: RoundView): RoundAnswer {
    return {
      digest: round.digest,
      payload: round.payload,
      epoch: round.epoch,
      round: round.round,
      expiresAt: round.expiresAt,
      documents: round.documents,
      suspended: round.suspended,
      signatures: signatures.map(({ kid, organisation }) => ({ kid, organisation })),
      adopted: round.adoptedAt !== null,
    };
  }
}
