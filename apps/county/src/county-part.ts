import type { Provider, Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';

/** What a folder brings to the county's service. */
export interface CountyPart {
  readonly entities?: readonly Type<unknown>[];
  readonly migrations?: readonly Type<MigrationInterface>[];
  readonly controllers?: readonly Type<unknown>[];
  readonly providers?: readonly Provider[];
}
