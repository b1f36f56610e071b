import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';

/** No control characters and no lone surrogates: PostgreSQL stores neither U+0000 nor half a character. */
const PLAIN = /^[^\p{Cc}\p{Cs}]+$/u;

/** A member of a request that holds one line of text, 1 to `maxLength` characters. */
export function PlainText(maxLength: number, description?: string): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ minLength: 1, maxLength, ...(description === undefined ? {} : { description }) }),
    IsString(),
    Length(1, maxLength),
    Matches(PLAIN, { message: 'must hold no control characters' }),
  );
}
