import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, Matches, MaxLength } from 'class-validator';
import { HANDLE } from '../residents/residents.dto.js';
import type { OwnEnd } from './endings.service.js';
import { DAY, DAY_MESSAGE } from './member-checks.js';

export class EndSubjectRequest {
  @ApiProperty({
    enum: ['left', 'died', 'dissolved'],
    description: 'A person left or died; anything else is dissolved',
  })
  @IsIn(['left', 'died', 'dissolved'])
  cause!: OwnEnd;

  @ApiProperty({ format: 'date', description: 'The day it happened, Asia/Shanghai' })
  @Matches(DAY, DAY_MESSAGE)
  on!: string;
}

export class ReasonRequest {
  @ApiProperty({ maxLength: 200 })
  @IsString()
  @MaxLength(200)
  reason!: string;
}

export class MergeRequest extends ReasonRequest {
  @ApiProperty({ description: 'Handle of the record that stays' })
  @Matches(HANDLE)
  into!: string;
}
