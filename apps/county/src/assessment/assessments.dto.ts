import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches } from 'class-validator';
import type { MetricValue } from '#libs/scheme';
import type { GradeCounts } from './assessment-run.entity.js';

/** A year, quarter, month or day. */
export const PERIOD = /^\d{4}(-Q[1-4]|-\d{2}(-\d{2})?)?$/;

export class AssessRequest {
  @ApiPropertyOptional({ description: 'Id of a scheme; that whose grades leave the county where it is left out' })
  @IsOptional()
  @IsString()
  @Matches(/^[a-z0-9][a-z0-9-]{0,99}$/)
  scheme?: string;

  @ApiProperty({ example: '2026-Q2', description: 'A year, quarter, month or day, Asia/Shanghai' })
  @IsString()
  @Matches(PERIOD)
  period!: string;
}

class SchemeReference {
  @ApiProperty()
  id!: string;

  @ApiProperty({ type: 'integer' })
  version!: number;

  @ApiProperty({ description: 'Names the part of the scheme that makes a grade' })
  fingerprint!: string;
}

export class RunAnswer {
  @ApiProperty({ format: 'uuid' })
  run!: string;

  @ApiProperty()
  period!: string;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  cutOff!: number;

  @ApiProperty({ type: SchemeReference })
  scheme!: SchemeReference;

  @ApiProperty({ description: 'User name of who made it' })
  madeBy!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Subjects by grade, for every grading' })
  grades!: GradeCounts;
}

class ListedRunAnswer extends RunAnswer {
  @ApiProperty({ type: 'string', nullable: true, description: 'User name of who released it; null before' })
  releasedBy!: string | null;
}

export class RunsAnswer {
  @ApiProperty({ type: [ListedRunAnswer] })
  runs!: readonly ListedRunAnswer[];
}

export class ReleaseAnswer {
  @ApiProperty({ type: 'integer', description: 'Attestations revoked because the grade dropped' })
  revoked!: number;
}

class NamedScheme extends SchemeReference {
  @ApiProperty()
  name!: string;
}

class ExplainedLineAnswer {
  @ApiProperty()
  entry!: string;

  @ApiProperty()
  rule!: string;

  @ApiProperty({ description: 'The rule in the words of the scheme document' })
  label!: string;

  @ApiProperty({ format: 'date' })
  occurredOn!: string;

  @ApiProperty({ type: 'integer' })
  quantity!: number;

  @ApiProperty({ type: 'integer' })
  points!: number;
}

class ImportedFromAnswer {
  @ApiProperty({ description: 'Number of the document that says so' })
  document!: string;

  @ApiProperty({ format: 'date', description: 'The first day' })
  from!: string;

  @ApiProperty({ format: 'date', description: 'The last day' })
  to!: string;
}

class ExplainedRun {
  @ApiProperty({ format: 'uuid' })
  run!: string;

  @ApiProperty()
  period!: string;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  cutOff!: number;

  @ApiProperty({ type: NamedScheme })
  scheme!: NamedScheme;
}

export class GradeExplanationAnswer extends ExplainedRun {
  @ApiProperty()
  resident!: string;

  @ApiProperty({ type: 'integer' })
  base!: number;

  @ApiProperty({ type: [ExplainedLineAnswer] })
  lines!: readonly ExplainedLineAnswer[];

  @ApiPropertyOptional({
    type: 'integer',
    description: 'Base plus the points of all lines; none where it was imported',
  })
  score?: number;

  @ApiProperty()
  grade!: string;

  @ApiPropertyOptional({ type: ImportedFromAnswer })
  imported?: ImportedFromAnswer;
}

class ExplainedMetricAnswer {
  @ApiProperty()
  metric!: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: '`num` and `den`, or `label`' })
  value?: MetricValue;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, description: 'By the id of the grading' })
  grades!: Readonly<Record<string, string>>;

  @ApiProperty({ type: 'integer' })
  base!: number;

  @ApiProperty({ type: [ExplainedLineAnswer] })
  lines!: readonly ExplainedLineAnswer[];

  @ApiPropertyOptional({ type: ImportedFromAnswer })
  imported?: ImportedFromAnswer;
}

export class ExplanationAnswer extends ExplainedRun {
  @ApiProperty({ description: 'Handle' })
  subject!: string;

  @ApiProperty({ type: [ExplainedMetricAnswer] })
  metrics!: readonly ExplainedMetricAnswer[];
}
