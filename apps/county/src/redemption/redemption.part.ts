import type { CountyPart } from '../county-part.js';
import { CreateRedemptions1796000600000 } from '../migrations/create-redemptions.migration.js';
import { AreasController } from './areas.controller.js';
import { Areas } from './areas.service.js';
import { CardCodes } from './card-codes.service.js';
import { Funds } from './funds.service.js';
import { RedemptionsController } from './redemptions.controller.js';
import { PaperSales } from './paper-sales.service.js';
import { Redemptions } from './redemptions.service.js';
import { Returns } from './returns.service.js';
import { ShopsController } from './shops.controller.js';
import { Shops } from './shops.service.js';
import { Stock } from './stock.service.js';

/** What points buy: shop, stock, funds, cards, areas. `OpenDays` comes from redemption days. */
export const redemption: CountyPart = {
  migrations: [CreateRedemptions1796000600000],
  controllers: [RedemptionsController, ShopsController, AreasController],
  providers: [Redemptions, PaperSales, CardCodes, Returns, Areas, Shops, Stock, Funds],
};
