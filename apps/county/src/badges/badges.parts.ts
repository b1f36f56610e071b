import { CreateBadges1796000715000 } from '../migrations/create-badges.migration.js';
import { BadgesController } from './badges.controller.js';
import { Badges } from './badges.service.js';

/** What schemes say of people in words, for `CountyModule`. */
export const badges = {
  controllers: [BadgesController],
  providers: [Badges],
  migrations: [CreateBadges1796000715000],
};
