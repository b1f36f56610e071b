import { ApiProperty } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import type { JsonObject } from '#libs/jose-profile';

export class CountersignRequest {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Payload of a table, partner, offer or declared scheme (docs/wire.md), `type` included',
  })
  @IsObject()
  payload!: JsonObject;
}

export class SentAnswer {
  @ApiProperty({ description: "The statement's jti; the same for the same content" })
  statement!: string;

  @ApiProperty({ description: 'Digest of the document declared or signed' })
  digest!: string;
}

class OutboxMessageAnswer {
  @ApiProperty({ description: "The statement's jti" })
  id!: string;

  @ApiProperty({ enum: ['pending', 'delivered', 'rejected'] })
  state!: 'pending' | 'delivered' | 'rejected';

  @ApiProperty({ type: 'integer' })
  attempts!: number;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  createdAt!: number;

  @ApiProperty({ type: String, nullable: true, description: "The last failure's code, or the federation's refusal" })
  code!: string | null;
}

export class OutboxAnswer {
  @ApiProperty({ type: 'integer' })
  pending!: number;

  @ApiProperty({ type: 'integer' })
  rejected!: number;

  @ApiProperty({ type: [OutboxMessageAnswer], description: 'The latest hundred' })
  messages!: readonly OutboxMessageAnswer[];
}
