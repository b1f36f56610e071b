import { applyDecorators } from '@nestjs/common';
import { IsString, Matches, MaxLength } from 'class-validator';

/** No control characters, and something to read. */
const READABLE = /^[^\p{C}]*[^\p{C}\s][^\p{C}]*$/u;

/** Text that is shown and printed as it is written, so many characters at most. */
export const ReadableText = (longest: number): PropertyDecorator =>
  applyDecorators(IsString(), MaxLength(longest), Matches(READABLE, { message: 'must be readable text' }));
