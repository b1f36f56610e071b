import { Server } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { type BusOptions, MAX_TCP_MESSAGE, natsConnection } from './bus-options.js';
import { MessagingError } from './messaging-error.js';
import { NatsBusServer } from './nats-bus-server.js';

/**
 * Lets the `@MessagePattern` and `@EventPattern` handlers of an app be reached over the bus, after the app's own start-up
 * hooks have run; closed together with the app. Over NATS the instances of one `serviceName` share its requests, and
 * each gets every hint; an unreachable NATS is tried again in the background. Guards, pipes and filters of the HTTP side
 * do not apply: handlers check what they get.
 * @returns where clients reach it: over TCP with the real port when 0 was given
 * @throws MessagingError `BUS_PORT_IN_USE`
 */
export async function attachBus(app: INestApplication, options: BusOptions, serviceName: string): Promise<BusOptions> {
  await app.init();
  const server = app.connectMicroservice<MicroserviceOptions>(serverFor(options, serviceName));
  try {
    await server.listen();
  } catch (cause) {
    throw new MessagingError(options.kind === 'tcp' ? 'BUS_PORT_IN_USE' : 'BUS_UNAVAILABLE', { cause });
  }
  return options.kind === 'tcp' ? { ...options, port: portOf(server.unwrap()) } : options;
}

function serverFor(options: BusOptions, serviceName: string): MicroserviceOptions {
  if (options.kind === 'nats')
    return { strategy: new NatsBusServer(natsConnection(options.url, serviceName), serviceName) };
  const { host, port } = options;
  return { transport: Transport.TCP, options: { host, port, maxBufferSize: MAX_TCP_MESSAGE } };
}

function portOf(server: unknown): number {
  const address = server instanceof Server ? server.address() : null;
  if (address === null || typeof address === 'string') throw new TypeError('a TCP transport listens on a port');
  return address.port;
}
