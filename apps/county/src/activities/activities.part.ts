import type { CountyPart } from '../county-part.js';
import { CreateActivities1796000700000 } from '../migrations/create-activities.migration.js';
import { ActivitiesController } from './activities.controller.js';
import { Activities } from './activities.service.js';
import { ActivityEntity } from './activity.entity.js';
import { CallsController } from './calls.controller.js';
import { SignInSheets } from './sign-in-sheets.service.js';
import { SignUps } from './sign-ups.service.js';

/** Calls, sign-ups and sheets. */
export const activities: CountyPart = {
  entities: [ActivityEntity],
  controllers: [ActivitiesController, CallsController],
  providers: [Activities, SignUps, SignInSheets],
  migrations: [CreateActivities1796000700000],
};
