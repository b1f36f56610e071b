import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsOptional,
  Length,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

/** As people are known outside. */
const SUBJECT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const USERNAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

export class GrantBody {
  @ApiProperty({ example: 'collector' })
  @Matches(/^[a-z][a-z_]{0,49}$/)
  role!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Place or site id; null for the whole service' })
  @ValidateIf(({ place }: GrantBody) => place !== null)
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/)
  place!: string | null;
}

export class ChangeAccountRequest {
  @ApiProperty({ type: [GrantBody], maxItems: 50 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => GrantBody)
  grants!: GrantBody[];

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description:
      'Handle of the resident whose account it is, so that nobody decides about themselves; none: of nobody here',
  })
  @IsOptional()
  @Matches(SUBJECT_NAME)
  subject?: string | null;
}

export class AppointRequest extends ChangeAccountRequest {
  @ApiProperty({ pattern: USERNAME.source })
  @Matches(USERNAME)
  username!: string;

  @ApiProperty({ maxLength: 100 })
  @Length(1, 100)
  displayName!: string;

  @ApiProperty({ maxLength: 100 })
  @Length(1, 100)
  organisation!: string;
}

export class UsernameParameter {
  @ApiProperty()
  @Length(1, 100)
  username!: string;
}

export class ListAccountsQuery {
  @ApiPropertyOptional({ description: 'User names after this one' })
  @IsOptional()
  @Length(0, 100)
  after = '';

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 500, default: 100 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 100;
}

export class OneTimePasswordAnswer {
  @ApiProperty({ description: 'To be exchanged at /v1/staff/password' })
  password!: string;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  expiresAt!: number;
}

export class StaffAccountAnswer {
  @ApiProperty()
  username!: string;

  @ApiProperty()
  displayName!: string;

  @ApiProperty()
  organisation!: string;

  @ApiProperty({ type: [GrantBody] })
  grants!: GrantBody[];

  @ApiProperty({ type: String, nullable: true, description: 'Handle' })
  subject!: string | null;

  @ApiProperty()
  isDisabled!: boolean;

  @ApiProperty()
  hasOneTimePassword!: boolean;
}

export class StaffAccountsAnswer {
  @ApiProperty({ type: [StaffAccountAnswer] })
  accounts!: StaffAccountAnswer[];
}
