import type { CountyPart } from '../county-part.js';
import { CreateWallets1796000400000 } from '../migrations/create-wallets.migration.js';
import { ShortagesController } from './shortages.controller.js';
import { Shortages } from './shortages.service.js';
import { Wallets } from './wallets.service.js';

/** What can be spent. */
export const wallets: CountyPart = {
  migrations: [CreateWallets1796000400000],
  controllers: [ShortagesController],
  providers: [Wallets, Shortages],
};
