import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import { PERIOD } from './assessments.dto.js';

export class SimulationRequest {
  @ApiProperty({ example: '2025', description: 'A year, quarter, month or day, Asia/Shanghai' })
  @IsString()
  @Matches(PERIOD)
  period!: string;
}

class MoveAnswer {
  @ApiProperty({ type: String, nullable: true, description: 'The grade by the version in force; null for none' })
  from!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The grade by the draft; null for none' })
  to!: string | null;
}

class CountedMoveAnswer extends MoveAnswer {
  @ApiProperty({ type: 'integer' })
  n!: number;
}

class NamedMoveAnswer extends MoveAnswer {
  @ApiProperty({ description: 'Handle' })
  subject!: string;

  @ApiProperty()
  grading!: string;
}

class SimulatedGradingAnswer {
  @ApiProperty()
  id!: string;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, description: 'Subjects by grade' })
  now!: Readonly<Record<string, number>>;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, description: 'Subjects by grade' })
  draft!: Readonly<Record<string, number>>;

  @ApiProperty({ type: [CountedMoveAnswer] })
  moved!: readonly CountedMoveAnswer[];
}

class SumAnswer {
  @ApiProperty({ description: 'A whole number' })
  num!: string;

  @ApiProperty({ description: 'A whole number' })
  den!: string;
}

class SimulatedMetricAnswer {
  @ApiProperty()
  id!: string;

  @ApiProperty({ type: 'integer', description: 'Who has a value on either side' })
  subjects!: number;

  @ApiProperty({ type: SumAnswer, nullable: true, description: 'An exact fraction; null for labels' })
  sumNow!: SumAnswer | null;

  @ApiProperty({ type: SumAnswer, nullable: true, description: 'An exact fraction; null for labels' })
  sumDraft!: SumAnswer | null;
}

class WithoutRuleAnswer {
  @ApiProperty()
  rule!: string;

  @ApiProperty({ type: 'integer' })
  entries!: number;
}

export class SimulationAnswer {
  @ApiProperty({ type: [SimulatedGradingAnswer] })
  gradings!: readonly SimulatedGradingAnswer[];

  @ApiProperty({ type: [SimulatedMetricAnswer] })
  metrics!: readonly SimulatedMetricAnswer[];

  @ApiProperty({ type: [NamedMoveAnswer], description: 'The first 200, by grading and handle' })
  moves!: readonly NamedMoveAnswer[];

  @ApiProperty({ type: [WithoutRuleAnswer], description: 'Entries that count for nothing: the draft lacks their rule' })
  withoutRule!: readonly WithoutRuleAnswer[];
}
