import type { DataSource } from 'typeorm';
import { Bus, BusDeliverer, HttpDeliverer, OutboxRelay, STATEMENT_SUBMIT } from '#libs/messaging';
import type { ServiceLog } from '#libs/platform';
import type { CountyConfig } from '../county.config.js';

/** Over the bus an answer comes in milliseconds; where there is nobody, HTTPS is not to wait long. */
const BUS_TIMEOUT_MS = 2_000;

/** Carries statements to the federation: over the bus where there is one, else over HTTPS (design §6). */
export function statementRelay(database: DataSource, bus: Bus, config: CountyConfig, log: ServiceLog): OutboxRelay {
  const overBus = new BusDeliverer(bus, { pattern: STATEMENT_SUBMIT, timeoutMs: BUS_TIMEOUT_MS });
  const overHttp = new HttpDeliverer({ url: `${config.federationUrl}/v1/statements` });
  return new OutboxRelay(database, config.bus === undefined ? [overHttp] : [overBus, overHttp], {
    report: (event) => log.warn('statement.not_delivered', { ...event }),
  });
}
