import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { HANDLE } from '../residents/residents.dto.js';
import { DAY, DAY_MESSAGE, IfGiven } from './member-checks.js';
import type { Relation } from './membership-rules.js';

export class NewMembershipBody {
  @ApiProperty({ description: 'Handle of the member' })
  @Matches(HANDLE)
  member!: string;

  @ApiProperty({ description: 'Handle of what it is a member of; of the parent, for child_of' })
  @Matches(HANDLE)
  of!: string;

  @ApiPropertyOptional({ enum: ['member_of', 'child_of'], default: 'member_of' })
  @IfGiven()
  @IsIn(['member_of', 'child_of'])
  relation?: Relation;

  @ApiProperty({ format: 'date', description: 'First day, Asia/Shanghai' })
  @Matches(DAY, DAY_MESSAGE)
  from!: string;

  @ApiPropertyOptional({ format: 'date', description: 'Last day, included' })
  @IfGiven()
  @Matches(DAY, DAY_MESSAGE)
  to?: string;
}

export class RecordMembershipsRequest {
  @ApiProperty({ type: [NewMembershipBody], maxItems: 500 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => NewMembershipBody)
  memberships!: NewMembershipBody[];
}

export class LeaveRequest {
  @ApiProperty({ description: 'Handle of the member' })
  @Matches(HANDLE)
  member!: string;

  @ApiProperty({ description: 'Handle of what it leaves' })
  @Matches(HANDLE)
  of!: string;

  @ApiProperty({ format: 'date', description: 'Last day, included' })
  @Matches(DAY, DAY_MESSAGE)
  to!: string;
}

export class TakeBackRequest {
  @ApiProperty({ description: 'Handle of the member' })
  @Matches(HANDLE)
  member!: string;

  @ApiProperty({ description: 'Handle of what it never was a member of' })
  @Matches(HANDLE)
  of!: string;

  @ApiProperty({ format: 'date', description: 'First day, as recorded' })
  @Matches(DAY, DAY_MESSAGE)
  from!: string;

  @ApiProperty({ maxLength: 200 })
  @IsString()
  @MaxLength(200)
  reason!: string;
}
