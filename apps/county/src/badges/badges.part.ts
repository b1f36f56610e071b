import type { CountyPart } from '../county-part.js';
import { CreateBadges1796000715000 } from '../migrations/create-badges.migration.js';
import { SplitBadgesBySubject1796000821000 } from '../migrations/split-badges-by-subject.migration.js';
import { BadgesController } from './badges.controller.js';
import { Badges } from './badges.service.js';

/** What schemes say of people in words. */
export const badges: CountyPart = {
  controllers: [BadgesController],
  providers: [Badges],
  migrations: [CreateBadges1796000715000, SplitBadgesBySubject1796000821000],
};
