import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  Validate,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { CalendarDay } from '../calendar-day.js';
import { CLIENT_KEY } from '../ledger/ledger.dto.js';
import { HANDLE } from '../residents/residents.dto.js';

export class GradePredicateBody {
  @ApiProperty({ description: 'Id of a grading of the scheme' })
  @Matches(CLIENT_KEY)
  grading!: string;

  @ApiPropertyOptional({ maxLength: 40, description: 'Left out: any of its grades' })
  @IsOptional()
  @IsString()
  @Length(1, 40)
  grade?: string;
}

export class InvitationBody {
  @ApiPropertyOptional({ type: [String], maxItems: 2000, description: 'Handles; or a run and its grades' })
  @ValidateIf((body: InvitationBody) => body.subjects !== undefined || body.run === undefined)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(2000)
  @ArrayUnique()
  @Matches(HANDLE, { each: true })
  subjects?: string[];

  @ApiPropertyOptional({ format: 'uuid', description: 'A released run' })
  @ValidateIf((body: InvitationBody) => body.subjects === undefined)
  @IsUUID()
  run?: string;

  @ApiPropertyOptional({ description: 'Id of a grading that the run gave grades by' })
  @ValidateIf((body: InvitationBody) => body.run !== undefined)
  @Matches(CLIENT_KEY)
  grading?: string;

  @ApiPropertyOptional({ maxLength: 40 })
  @IsOptional()
  @IsString()
  @Length(1, 40)
  grade?: string;

  @ApiPropertyOptional({ type: [GradePredicateBody], maxItems: 10, description: 'Grades they have besides' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => GradePredicateBody)
  also?: GradePredicateBody[];
}

export class PlanDayRequest {
  @ApiProperty({ description: "The client's idempotency key", pattern: CLIENT_KEY.source })
  @Matches(CLIENT_KEY)
  key!: string;

  @ApiProperty({ description: 'Id of a scheme; of a parent, for all that share its calendar' })
  @Matches(CLIENT_KEY)
  scheme!: string;

  @ApiProperty({ format: 'date', description: 'Asia/Shanghai' })
  @Validate(CalendarDay)
  day!: string;

  @ApiProperty({ maxLength: 60, description: 'As it is printed' })
  @Matches(/^[^\p{Cc}]{1,60}$/u)
  title!: string;

  @ApiPropertyOptional({ type: InvitationBody, description: 'Left out: everybody is welcome' })
  @IsOptional()
  @ValidateNested()
  @Type(() => InvitationBody)
  invited?: InvitationBody;
}

export class DaysQuery {
  @ApiPropertyOptional({ description: 'Id of a scheme' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  scheme?: string;
}

export class RegisterQuery {
  @ApiProperty({ format: 'date', description: 'First day' })
  @Validate(CalendarDay)
  from!: string;

  @ApiProperty({ format: 'date', description: 'Last day' })
  @Validate(CalendarDay)
  to!: string;
}

export class PaperLineBody {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Number of the line on the printed list' })
  @IsInt()
  @Min(1)
  @Max(100_000)
  line!: number;

  @ApiProperty({ description: 'Handle of whose points they are' })
  @Matches(HANDLE)
  subject!: string;

  @ApiProperty()
  @Matches(CLIENT_KEY)
  sku!: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 100, description: 'Pieces' })
  @IsInt()
  @Min(1)
  @Max(100)
  n!: number;

  @ApiPropertyOptional({ description: 'Handle of who signed for the subject (代领)' })
  @IsOptional()
  @Matches(HANDLE)
  collectedBy?: string;
}

export class PaperBatchRequest {
  @ApiProperty({ description: "The client's idempotency key", pattern: CLIENT_KEY.source })
  @Matches(CLIENT_KEY)
  key!: string;

  @ApiPropertyOptional({ description: 'Whose list it is; may be left out on a day of one scheme' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  scheme?: string;

  @ApiProperty({ type: [PaperLineBody], maxItems: 500 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => PaperLineBody)
  lines!: PaperLineBody[];
}

export class ShelfCountBody {
  @ApiPropertyOptional({ description: 'Whose shelf; may be left out on a day of one scheme' })
  @IsOptional()
  @Matches(CLIENT_KEY)
  scheme?: string;

  @ApiProperty()
  @Matches(CLIENT_KEY)
  sku!: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'Pieces on the shelf' })
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  counted!: number;

  @ApiPropertyOptional({ maxLength: 500, description: 'Why pieces are missing or left over' })
  @IsOptional()
  @IsString()
  @Length(1, 500)
  reason?: string;
}

export class CloseDayRequest {
  @ApiProperty({ description: "The client's idempotency key", pattern: CLIENT_KEY.source })
  @Matches(CLIENT_KEY)
  key!: string;

  @ApiProperty({ type: [ShelfCountBody], maxItems: 500 })
  @IsArray()
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => ShelfCountBody)
  counts!: ShelfCountBody[];
}
