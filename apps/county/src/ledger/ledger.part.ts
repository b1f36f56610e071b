import type { CountyPart } from '../county-part.js';
import { CreateMergedEntries1796000410000 } from '../migrations/create-merged-entries.migration.js';
import { ExtendLedger1796000300000 } from '../migrations/extend-ledger.migration.js';
import { EntryActs } from './entry-acts.service.js';
import { LedgerCalendar } from './ledger-calendar.js';
import { LedgerEntryEntity } from './ledger-entry.entity.js';
import { LedgerReader } from './ledger-reader.service.js';
import { LedgerController } from './ledger.controller.js';
import { Ledger } from './ledger.service.js';
import { MergedLedgers } from './merged-ledgers.js';
import { OwnEntriesController } from './own-entries.controller.js';
import { WorklistController } from './worklist.controller.js';

/** Entries and their way into effect. */
export const ledger: CountyPart = {
  entities: [LedgerEntryEntity],
  migrations: [ExtendLedger1796000300000, CreateMergedEntries1796000410000],
  controllers: [WorklistController, LedgerController, OwnEntriesController],
  providers: [Ledger, EntryActs, LedgerReader, LedgerCalendar, MergedLedgers],
};
