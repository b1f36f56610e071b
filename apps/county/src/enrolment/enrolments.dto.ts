import { ApiProperty } from '@nestjs/swagger';
import { IsObject, IsString, MaxLength } from 'class-validator';
import type { JsonObject } from '#libs/jose-profile';

export class EnrolRequest {
  @ApiProperty({ example: '7K3M-9QXR-20VB-TN6E', description: "The desk's one-time code, as typed" })
  @IsString()
  @MaxLength(40)
  code!: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'Public ES256 key of the phone (RFC 7517)' })
  @IsObject()
  deviceJwk!: JsonObject;
}

export class EnrolledAnswer {
  @ApiProperty({ format: 'uuid' })
  enrolment!: string;

  @ApiProperty({ example: '王*明', description: 'Masked name, to show whom the phone was enrolled for' })
  person!: string;
}

export class EnrolmentCodeAnswer {
  @ApiProperty({ description: 'Shown this once' })
  code!: string;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  expiresAt!: number;
}

export class NonceAnswer {
  @ApiProperty({ description: 'For one proof' })
  nonce!: string;

  @ApiProperty({ type: 'integer', description: 'Unix seconds' })
  expiresAt!: number;
}
