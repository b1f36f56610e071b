import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';

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

  @ApiProperty({ type: [String] })
  roles!: string[];

  @ApiProperty({ type: String, nullable: true, description: 'Place code or site id; null for the whole service' })
  scope!: string | null;
}
