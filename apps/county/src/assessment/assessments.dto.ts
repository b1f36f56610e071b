import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';

export class AssessRequest {
  @ApiProperty({ type: 'integer', example: 2026, description: 'A calendar year, Asia/Shanghai' })
  @IsInt()
  @Min(2000)
  @Max(9999)
  year!: number;
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

  @ApiProperty({ type: 'integer' })
  year!: number;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  cutOff!: number;

  @ApiProperty({ type: SchemeReference })
  scheme!: SchemeReference;

  @ApiProperty({ type: 'integer' })
  residents!: number;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, description: 'Residents by grade' })
  grades!: Readonly<Record<string, number>>;

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

export class ExplanationAnswer {
  @ApiProperty()
  resident!: string;

  @ApiProperty({ type: 'integer' })
  year!: number;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  cutOff!: number;

  @ApiProperty({ type: NamedScheme })
  scheme!: NamedScheme;

  @ApiProperty({ type: 'integer' })
  base!: number;

  @ApiProperty({ type: [ExplainedLineAnswer] })
  lines!: readonly ExplainedLineAnswer[];

  @ApiProperty({ type: 'integer', description: 'Base plus the points of all lines' })
  score!: number;

  @ApiProperty()
  grade!: string;
}
