import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';
import { GrantBody } from './staff-administration.dto.js';

export class SignInRequest {
  @ApiProperty({ maxLength: 100 })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  username!: string;

  @ApiProperty({ maxLength: 200, format: 'password' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  password!: string;
}

export class ChangePasswordRequest extends SignInRequest {
  @ApiProperty({ minLength: 12, maxLength: 200, format: 'password' })
  @IsString()
  @MinLength(12)
  @MaxLength(200)
  newPassword!: string;
}

export class OpenedSessionAnswer {
  @ApiProperty({ description: 'Bearer token for administrative routes' })
  token!: string;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  expiresAt!: number;
}

export class StaffAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  username!: string;

  @ApiProperty()
  displayName!: string;

  @ApiProperty()
  organisation!: string;

  @ApiProperty({ type: [GrantBody] })
  grants!: GrantBody[];

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The subject whose account it is' })
  subject!: string | null;
}
