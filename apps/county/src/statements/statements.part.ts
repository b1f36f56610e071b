import { DataSource } from 'typeorm';
import { Bus, Outbox } from '#libs/messaging';
import { ServiceLog } from '#libs/platform';
import type { CountyConfig } from '../county.config.js';
import type { CountyPart } from '../county-part.js';
import { CountersignatureEntity } from './countersignature.entity.js';
import { CountyStatements } from './county-statements.service.js';
import { SchemeDeclarationEntity } from './scheme-declaration.entity.js';
import { statementRelay } from './statement-relay.js';
import { StatementsController } from './statements.controller.js';

const RELAY = Symbol('statement relay');

/** What the county declares to its federation, and the relay that delivers it. */
export const statements = (config: CountyConfig): CountyPart => ({
  entities: [SchemeDeclarationEntity, CountersignatureEntity],
  controllers: [StatementsController],
  providers: [
    CountyStatements,
    Outbox,
    {
      provide: RELAY,
      inject: [DataSource, Bus, ServiceLog],
      useFactory: (database: DataSource, bus: Bus, log: ServiceLog) => statementRelay(database, bus, config, log),
    },
  ],
});
