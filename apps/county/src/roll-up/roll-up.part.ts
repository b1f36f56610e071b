import type { CountyPart } from '../county-part.js';
import { RollUpController } from './roll-up.controller.js';
import { RollUp } from './roll-up.service.js';

/** Totals for the office above. */
export const rollUp: CountyPart = {
  controllers: [RollUpController],
  providers: [RollUp],
};
