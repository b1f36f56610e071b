import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional, Matches } from 'class-validator';
import { DIGEST } from '../documents/documents.dto.js';
import type { RoundView } from './rounds.js';

export class DraftRoundRequest {
  @ApiPropertyOptional({ type: [String], description: 'Digests whose suspension ends with this round' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1_000)
  @Matches(DIGEST, { each: true })
  lift?: string[];
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
