import { DataSource } from 'typeorm';
import { Clock } from '#libs/platform';
import type { CountyConfig } from '../county.config.js';
import type { CountyPart } from '../county-part.js';
import { CreateSchemeDrafts1796000200000 } from '../migrations/create-scheme-drafts.migration.js';
import { CountySchemes } from './county-schemes.js';
import { readSchemeFolder } from './read-scheme-folder.js';
import { SchemeDraftEntity } from './scheme-draft.entity.js';
import { SchemeDrafts } from './scheme-drafts.service.js';
import { SchemeVersionEntity } from './scheme-version.entity.js';
import { SchemesController } from './schemes.controller.js';

/** The rules that hold, read and checked before anything else runs, and those that are drafted. */
export const schemes = ({ place, schemesFolder, schemasFolder }: CountyConfig): CountyPart => ({
  entities: [SchemeVersionEntity, SchemeDraftEntity],
  migrations: [CreateSchemeDrafts1796000200000],
  controllers: [SchemesController],
  providers: [
    SchemeDrafts,
    {
      provide: CountySchemes,
      inject: [DataSource, Clock],
      useFactory: async (database: DataSource, clock: Clock) =>
        CountySchemes.open(database, clock, await readSchemeFolder(place, schemesFolder, schemasFolder)),
    },
  ],
});
