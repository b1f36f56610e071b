import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type { MetricValue } from '#libs/scheme';
import { CLIENT_KEY } from '../ledger/ledger.dto.js';

export class ResultsQuery {
  @ApiPropertyOptional({
    description: 'Id of a metric; may be left out where the scheme has one, or a grading is named',
  })
  @IsOptional()
  @Matches(CLIENT_KEY)
  metric?: string;

  @ApiPropertyOptional({ description: 'Id of a grading: only subjects that have a grade by it' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  grading?: string;

  @ApiPropertyOptional({ description: 'Only subjects that have this grade' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  grade?: string;

  @ApiPropertyOptional({ description: 'Only what lies in this place; ranks are among these' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  place?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, default: 0 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  offset = 0;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1_000, default: 200 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  limit = 200;
}

export class ResultAnswer {
  @ApiProperty({ description: 'Handle' })
  subject!: string;

  @ApiProperty({ example: 'household' })
  kind!: string;

  @ApiProperty()
  place!: string;

  @ApiProperty({ description: 'Masked' })
  name!: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: '`num` and `den`, or `label`' })
  value?: MetricValue;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, description: 'By the id of the grading' })
  grades!: Readonly<Record<string, string>>;

  @ApiProperty({ type: 'integer', nullable: true, description: 'From 1; equals share one' })
  rank!: number | null;
}

export class ResultsAnswer {
  @ApiProperty({ format: 'uuid' })
  run!: string;

  @ApiProperty()
  period!: string;

  @ApiProperty()
  metric!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Unix seconds; null before the release' })
  releasedAt!: number | null;

  @ApiProperty({ type: 'integer', description: 'Of all that were asked for' })
  total!: number;

  @ApiProperty({ type: [ResultAnswer] })
  results!: readonly ResultAnswer[];
}
