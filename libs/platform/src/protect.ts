import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { GatewayError } from './gateway-error.js';

/** The fastify instance as Nest types it. Nest may bring its own copy of fastify, beside the one plugins are typed for. */
export type NestFastify = ReturnType<FastifyAdapter['get']>;
type NestPlugin = Parameters<NestFastify['register']>[0];

const MINUTE_MS = 60_000;
const NO_COUNTERS = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false };

/** Security headers for an interface that serves no pages, and a limit per client address over all routes. */
export async function protect(fastify: NestFastify, requestsPerMinute: number): Promise<void> {
  await fastify.register(plugin(helmet), {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  });
  await fastify.register(plugin(rateLimit), {
    max: requestsPerMinute,
    timeWindow: MINUTE_MS,
    addHeadersOnExceeding: NO_COUNTERS,
    addHeaders: { ...NO_COUNTERS, 'retry-after': true },
    // The plugin throws what this returns; anything without a code of ours would be answered as INTERNAL.
    errorResponseBuilder: () => new GatewayError('TOO_MANY_REQUESTS'),
  });
}

function plugin(candidate: unknown): NestPlugin {
  if (!isPlugin(candidate)) throw new TypeError('not a fastify plugin');
  return candidate;
}

function isPlugin(candidate: unknown): candidate is NestPlugin {
  return typeof candidate === 'function';
}
