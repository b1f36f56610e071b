import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { attachBus } from '#libs/messaging';
import { createService, createServiceLog, listen, type Clock } from '#libs/platform';
import type { GateConfig } from './gate.config.js';
import { GateModule } from './gate.module.js';
import { acceptFormPosts } from './sessions/accept-form-posts.js';
import { PublicAddress } from './sessions/public-address.js';

export interface RunningGate {
  /** Without a trailing slash. */
  readonly url: string;
  readonly port: number;
  readonly app: NestFastifyApplication;
  close(): Promise<void>;
}

/**
 * Starts a gate. Needs its database and its files; federation and status lists are asked in the background.
 * @param clock the system's unless told
 * @throws GatewayError as configuration, keys, anchor, database or port are at fault
 */
export async function startGate(config: GateConfig, clock?: Clock): Promise<RunningGate> {
  const app = await createService(GateModule.forRoot(config, clock), {
    name: 'Xinqiao gate',
    description: 'Verifies what residents show at the sites of partners; keeps receipts and counts',
    logger: createServiceLog({ service: 'gate', level: config.logLevel }),
    attach: acceptFormPosts,
    ...(config.trustedProxy === undefined ? {} : { trustedProxy: config.trustedProxy }),
  });
  try {
    const url = await listen(app, config.host, config.port);
    app.get(PublicAddress).listeningAt(url);
    // Over TCP requests go to one server, and a gate serves none; hints become polling.
    if (config.bus?.kind === 'nats') await attachBus(app, config.bus, 'gate');
    return { url, port: Number(new URL(url).port), app, close: () => app.close() };
  } catch (cause) {
    await app.close();
    throw cause;
  }
}
