import rateLimit from '@fastify/rate-limit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { GatewayError } from './gateway-error.js';

const MINUTE_MS = 60_000;
const NO_COUNTERS = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false };

/**
 * Security headers for an interface that serves no pages, and a limit per client address over all routes. Nest's own
 * headers are helmet's, put together once; @fastify/helmet does that for every request, a third of the cost of a route.
 */
export async function protect(app: NestFastifyApplication, requestsPerMinute: number): Promise<void> {
  app.useSecurityHeaders({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    // These speak to pages and plug-ins of old browsers only.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  await app
    .getHttpAdapter()
    .getInstance()
    .register(rateLimit, {
      max: requestsPerMinute,
      timeWindow: MINUTE_MS,
      addHeadersOnExceeding: NO_COUNTERS,
      addHeaders: { ...NO_COUNTERS, 'retry-after': true },
      // The plugin throws what this returns; anything without a code of ours would be answered as INTERNAL.
      errorResponseBuilder: () => new GatewayError('TOO_MANY_REQUESTS'),
    });
}
