import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from './gateway-error.js';
import { isUnstorable, problem, type Problem, problemOf, sendProblem } from './problem.js';
import type { ServiceLog } from './service-log.js';

/** The one place where an exception becomes an answer (RFC 9457): fixed public text per code, private detail to the log. */
@Catch()
export class ProblemDetailsFilter implements ExceptionFilter {
  constructor(private readonly log: ServiceLog) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    // Bus messages have their own answers; a problem document is HTTP.
    if (host.getType() !== 'http') throw exception;
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const answer = request.is404 ? problem('ROUTE_UNKNOWN', request.id) : problemOf(exception, request.id);
    this.report(exception, answer, request.id);
    if (!reply.sent) sendProblem(reply, answer);
  }

  private report(exception: unknown, answer: Problem, requestId: string): void {
    if (answer.status >= 500) this.log.fault('request.failed', exception, { requestId, code: answer.code });
    else if (exception instanceof GatewayError && exception.detail !== undefined)
      this.log.info('request.refused', { requestId, code: answer.code, detail: exception.detail });
    // A fault of ours can look the same, so its place is kept.
    else if (isUnstorable(exception)) this.log.fault('request.unstorable', exception, { requestId, code: answer.code });
  }
}
