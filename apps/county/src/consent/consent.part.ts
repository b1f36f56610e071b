import type { CountyPart } from '../county-part.js';
import { ConsentEntity } from './consent.entity.js';
import { ConsentsController } from './consents.controller.js';
import { Consents } from './consents.service.js';

/** What residents agreed to. */
export const consent: CountyPart = {
  entities: [ConsentEntity],
  controllers: [ConsentsController],
  providers: [Consents],
};
