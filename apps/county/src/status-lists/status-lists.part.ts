import type { CountyPart } from '../county-part.js';
import { StatusListPublisher } from './status-list-publisher.js';
import { StatusListEntity } from './status-list.entity.js';
import { StatusListsController } from './status-lists.controller.js';
import { StatusLists } from './status-lists.service.js';

/** What was taken back. */
export const statusLists: CountyPart = {
  entities: [StatusListEntity],
  controllers: [StatusListsController],
  providers: [StatusLists, StatusListPublisher],
};
