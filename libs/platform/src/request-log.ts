import type { FastifyInstance } from 'fastify';
import type { ServiceLog } from './service-log.js';

/** Writes one line per answered request. The address asked for stays out: it may hold identifiers and query values. */
export function logRequests(fastify: FastifyInstance, log: ServiceLog): void {
  if (!log.writesRequests) return;
  fastify.addHook('onResponse', (request, reply, done) => {
    log.request({
      requestId: request.id,
      method: request.method,
      route: request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown'),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    });
    done();
  });
}
