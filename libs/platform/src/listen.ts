import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { textOf } from './error-facts.js';
import { GatewayError } from './gateway-error.js';

/**
 * Starts the app's HTTP server and returns the base URL without a trailing slash. Port 0 takes a free port. A bus listens
 * since `attachBus`; starting it here too would connect it twice.
 * @throws GatewayError PORT_IN_USE, or CONFIG_INVALID for an address this machine cannot listen on
 */
export async function listen(app: NestFastifyApplication, host: string, port: number): Promise<string> {
  try {
    await app.listen(port, host);
  } catch (cause) {
    const code = textOf(cause, 'code');
    if (code === 'EADDRINUSE') throw new GatewayError('PORT_IN_USE', { detail: `${host}:${port}`, cause });
    if (code !== undefined)
      throw new GatewayError('CONFIG_INVALID', { detail: `cannot listen on ${host}:${port} (${code})`, cause });
    throw cause;
  }
  return app.getUrl();
}
