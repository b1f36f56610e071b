import type { CountyPart } from '../county-part.js';
import { CreateNeeds1796000720000 } from '../migrations/create-needs.migration.js';
import { BenefitsController } from './benefits.controller.js';
import { Benefits } from './benefits.service.js';
import { Needs } from './needs.service.js';

/** What grades, age and need open. */
export const benefits: CountyPart = {
  controllers: [BenefitsController],
  providers: [Benefits, Needs],
  migrations: [CreateNeeds1796000720000],
};
