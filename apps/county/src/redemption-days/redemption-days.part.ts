import type { CountyPart } from '../county-part.js';
import { CreateRedemptionDays1796000610000 } from '../migrations/create-redemption-days.migration.js';
import { OpenDays } from '../redemption/open-days.js';
import { Booklets } from './booklets.service.js';
import { CloseDay } from './close-day.service.js';
import { DaySettlements } from './day-settlements.service.js';
import { OpenRedemptionDays } from './open-redemption-days.js';
import { PaperBatches } from './paper-batches.service.js';
import { PickLists } from './pick-lists.service.js';
import { PrintedPagesController } from './printed-pages.controller.js';
import { RedemptionDaysController } from './redemption-days.controller.js';
import { RedemptionDays } from './redemption-days.service.js';
import { Registers } from './registers.service.js';

/** Redemption days, and what is printed for them. */
export const redemptionDays: CountyPart = {
  migrations: [CreateRedemptionDays1796000610000],
  controllers: [RedemptionDaysController, PrintedPagesController],
  providers: [
    RedemptionDays,
    DaySettlements,
    PaperBatches,
    CloseDay,
    PickLists,
    Booklets,
    Registers,
    { provide: OpenDays, useClass: OpenRedemptionDays },
  ],
};
