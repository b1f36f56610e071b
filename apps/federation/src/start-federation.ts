import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { attachBus, type BusOptions } from '#libs/messaging';
import { type Clock, createService, createServiceLog, listen } from '#libs/platform';
import type { FederationConfig } from './federation.config.js';
import { FederationModule } from './federation.module.js';

export interface RunningFederation {
  readonly url: string;
  readonly port: number;
  readonly app: NestFastifyApplication;
  /** Where counties reach it over the bus, if it has one: with the real port. */
  readonly bus: BusOptions | undefined;
  close(): Promise<void>;
}

/** The largest document (512 KiB) as JSON, with its signatures. */
const BODY_LIMIT_BYTES = 1_048_576;

/**
 * Starts a federation and resolves when it listens.
 * @param clock the system's, unless a test hands in its own
 * @throws GatewayError or MessagingError naming what stopped the boot
 */
export async function startFederation(config: FederationConfig, clock?: Clock): Promise<RunningFederation> {
  const app = await createService(FederationModule.forRoot(config, clock), {
    name: 'Xinqiao federation',
    description: 'The registry of the alliance: delegation, documents, rounds, heads, and the open look-up of bands.',
    logger: createServiceLog({ service: 'federation', level: config.logLevel }),
    bodyLimit: BODY_LIMIT_BYTES,
    ...(config.trustedProxy === undefined ? {} : { trustedProxy: config.trustedProxy }),
  });
  try {
    const bus = config.bus && (await attachBus(app, config.bus, 'federation'));
    const url = await listen(app, config.host, config.port);
    return { url, port: Number(new URL(url).port), app, bus, close: () => app.close() };
  } catch (cause) {
    await app.close();
    throw cause;
  }
}
