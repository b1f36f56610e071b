import { DataSource } from 'typeorm';
import { AuditTrail } from '#libs/staff';
import type { CountyConfig } from '../county.config.js';
import type { CountyPart } from '../county-part.js';
import { CreatePlaces1796000000000 } from '../migrations/create-places.migration.js';
import { PlaceEntity } from './place.entity.js';
import { PlacesController } from './places.controller.js';
import { Places } from './places.service.js';
import { readPlaces } from './read-places.js';

/** The register of places, checked before anything else runs: a fault in it stops the boot. */
export const places = ({ place, placesFile, schemasFolder }: CountyConfig): CountyPart => ({
  entities: [PlaceEntity],
  migrations: [CreatePlaces1796000000000],
  controllers: [PlacesController],
  providers: [
    {
      provide: Places,
      inject: [DataSource, AuditTrail],
      useFactory: async (database: DataSource, audit: AuditTrail) =>
        Places.open(database, audit, await readPlaces(placesFile, schemasFolder, place)),
    },
  ],
});
