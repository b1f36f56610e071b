import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Clock, createService, createServiceLog, listen } from '#libs/platform';
import { CountyModule } from './county.module.js';
import type { CountyConfig } from './county.config.js';

export interface RunningCounty {
  /** Base URL without a trailing slash. */
  readonly url: string;
  readonly port: number;
  readonly app: NestFastifyApplication;
  close(): Promise<void>;
}

/** A thousand entries with long ids; everything else is far below the default. */
const ADMIN_BODY_LIMIT = 512 * 1024;

/**
 * Boots a county and listens.
 * @param clock the system's, unless a test hands in its own
 * @throws GatewayError with a boot code: configuration, keys, scheme document, database, port
 */
export async function startCounty(config: CountyConfig, clock?: Clock): Promise<RunningCounty> {
  const app = await bootCounty(config, clock);
  try {
    const url = await listen(app, config.host, config.port);
    return { url, port: Number(new URL(url).port), app, close: () => app.close() };
  } catch (cause) {
    await app.close();
    throw cause;
  }
}

/** A county that serves nobody yet. @throws GatewayError with a boot code */
export function bootCounty(config: CountyConfig, clock?: Clock): Promise<NestFastifyApplication> {
  return createService(CountyModule.forRoot(config, clock), {
    name: 'Xinqiao county',
    description: 'Scheme, ledger, grades, consents, attestations and status list of one county',
    logger: createServiceLog({ service: 'county', level: config.logLevel }),
    ...(config.trustedProxy === undefined ? {} : { trustedProxy: config.trustedProxy }),
    attach: (service) => {
      service
        .getHttpAdapter()
        .getInstance()
        .addHook('onRoute', (route) => {
          if (route.url.startsWith('/v1/admin/')) route.bodyLimit = ADMIN_BODY_LIMIT;
        });
    },
  });
}
