import type { CountyPart } from '../county-part.js';
import { BoardsController } from './boards.controller.js';
import { Boards } from './boards.service.js';

/** What places show of results. */
export const boards: CountyPart = {
  controllers: [BoardsController],
  providers: [Boards],
};
