import type { CountyPart } from '../county-part.js';
import { ResidentEntity } from './resident.entity.js';
import { ResidentsController } from './residents.controller.js';
import { Residents } from './residents.service.js';

/** People as residents. */
export const residents: CountyPart = {
  entities: [ResidentEntity],
  controllers: [ResidentsController],
  providers: [Residents],
};
