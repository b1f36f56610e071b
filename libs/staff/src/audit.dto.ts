import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Length, Matches, Max, Min } from 'class-validator';

/** The last instant of a timestamp in PostgreSQL that a `Date` can name in four digits of the year: 9999-12-31. */
const LAST_INSTANT = 253_402_300_799;

export class ListAuditQuery {
  @ApiPropertyOptional({ description: 'User name, or `system:` and a task' })
  @IsOptional()
  @Length(1, 200)
  actor?: string;

  @ApiPropertyOptional({ example: 'entries.recorded' })
  @IsOptional()
  @Length(1, 200)
  action?: string;

  @ApiPropertyOptional({ description: 'Identifier of what was acted on' })
  @IsOptional()
  @Length(1, 200)
  target?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'First instant, Unix seconds' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(LAST_INSTANT)
  from = 0;

  @ApiPropertyOptional({ type: 'integer', description: 'Last instant, Unix seconds' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(LAST_INSTANT)
  to = LAST_INSTANT;

  @ApiPropertyOptional({ description: '`next` of the page before' })
  @IsOptional()
  @Matches(/^[1-9][0-9]{0,17}$/)
  before?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 500, default: 100 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 100;
}

export class AuditRecordAnswer {
  @ApiProperty()
  id!: string;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  at!: number;

  @ApiProperty()
  actor!: string;

  @ApiProperty()
  action!: string;

  @ApiProperty({ type: String, nullable: true })
  target!: string | null;

  @ApiProperty({ type: 'object', additionalProperties: true })
  detail!: Record<string, string | number | boolean | null>;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Number of the seal; null for a few seconds' })
  seal!: number | null;
}

export class AuditPageAnswer {
  @ApiProperty({ type: [AuditRecordAnswer] })
  records!: AuditRecordAnswer[];

  @ApiProperty({ type: String, nullable: true, description: 'For `before` of the next page; null on the last' })
  next!: string | null;
}

export class VerifyAuditQuery {
  @ApiPropertyOptional({ description: 'A seal that was published, as `last` of an earlier answer says it' })
  @IsOptional()
  @Matches(/^[1-9][0-9]{0,8}\.[\w-]{43}$/)
  published?: string;
}

export class AuditFaultAnswer {
  @ApiProperty({ enum: ['SEAL_BROKEN', 'SEAL_MISSING'] })
  code!: 'SEAL_BROKEN' | 'SEAL_MISSING';

  @ApiProperty({ type: 'integer', description: 'The first seal that does not hold' })
  seal!: number;
}

export class AuditVerificationAnswer {
  @ApiProperty({ type: AuditFaultAnswer, nullable: true, description: 'null: the trail is what was sealed' })
  fault!: AuditFaultAnswer | null;

  @ApiProperty({ type: 'integer', description: 'Sound seals, from the first on' })
  seals!: number;

  @ApiProperty({ type: 'integer', description: 'Records under them' })
  records!: number;

  @ApiProperty({ type: 'integer', description: 'Records not sealed yet' })
  unsealed!: number;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The last sound seal, to be published: number, dot, digest',
  })
  last!: string | null;
}
