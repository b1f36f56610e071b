import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';

export class StatementRequest {
  @ApiProperty({ description: 'Compact JWS, typ xinqiao-statement+jwt', maxLength: 32_768 })
  @IsString()
  @MinLength(1)
  @MaxLength(32_768)
  jws!: string;

  @ApiPropertyOptional({ description: 'The sender’s own name for the message; what counts is the signed jti' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  id?: string;
}

export class StatementAnswer {
  @ApiProperty({ description: 'false is final: the same statement will never be taken' })
  accepted!: boolean;

  @ApiPropertyOptional({ description: 'Why not' })
  code?: string;

  @ApiPropertyOptional({ description: 'Digest of the document it is about' })
  digest?: string;
}
