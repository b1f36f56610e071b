import { HttpException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { QueryFailedError } from 'typeorm';
import { ERRORS, type ErrorCode } from './error-codes.js';
import { textOf } from './error-facts.js';
import { fieldsOfSchemaFaults, type SchemaFault } from './field-faults.js';
import { type FieldFault, GatewayError } from './gateway-error.js';

/** A problem document (RFC 9457 §3) with our code. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  /** `urn:uuid:` of the request, the same id as in the log (RFC 9457 §3.1.5). */
  readonly instance?: string;
  readonly fields?: readonly FieldFault[];
}

/** The part of a reply that is left when fastify could not even route the request. */
export interface RawReply {
  readonly raw: { statusCode: number; setHeader(name: string, value: string): unknown; end(body: string): unknown };
}

const CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'BODY_INVALID',
  401: 'STAFF_TOKEN_MISSING',
  403: 'STAFF_ROLE_MISSING',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'BODY_TOO_LARGE',
  414: 'BODY_INVALID',
  415: 'MEDIA_TYPE_UNSUPPORTED',
  422: 'BODY_INVALID',
  429: 'TOO_MANY_REQUESTS',
  503: 'NOT_READY',
};

/** SQLSTATE: character not in repertoire, untranslatable character, invalid text representation, numeric value out of range. */
const UNSTORABLE: ReadonlySet<string> = new Set(['22021', '22P05', '22P02', '22003']);

/** The public problem of anything thrown while a request was answered; what we do not know is `INTERNAL`. */
export function problemOf(exception: unknown, requestId: string | undefined): Problem {
  if (exception instanceof GatewayError) return problem(exception.code, requestId, exception.fields);
  if (isUnstorable(exception)) return problem('BODY_INVALID', requestId);
  if (isWithoutConnection(exception)) return problem('NOT_READY', requestId);
  const code = CODE_BY_STATUS[statusOf(exception) ?? 500] ?? 'INTERNAL';
  return problem(code, requestId, schemaFaultsOf(exception));
}

/**
 * Whether PostgreSQL could not take a value as such: text it cannot encode, a number out of the column's range, a malformed
 * uuid or date. The statement failed and with it its transaction, so nothing of it was kept; a transaction that was
 * committed before it within one request stays (a nonce, say, is used up).
 */
export function isUnstorable(exception: unknown): exception is QueryFailedError {
  return exception instanceof QueryFailedError && UNSTORABLE.has(textOf(exception.driverError, 'code') ?? '');
}

/** Whether no connection to the database came free in time: nothing was begun, and asking again later may do. */
function isWithoutConnection(exception: unknown): boolean {
  // pg-pool gives it no code.
  return exception instanceof Error && exception.message === 'timeout exceeded when trying to connect';
}

/** Sends a problem as `application/problem+json`, as bytes: fastify would append a charset the type does not have. */
export function sendProblem(reply: FastifyReply, body: Problem): void {
  reply.code(body.status).headers(headersOf(body));
  void reply.send(Buffer.from(JSON.stringify(body)));
}

/** The same for a request that never reached a route, e.g. an address that is not valid percent-encoding. */
export function endWithProblem({ raw }: RawReply, body: Problem): void {
  raw.statusCode = body.status;
  for (const [name, value] of Object.entries(headersOf(body))) raw.setHeader(name, value);
  raw.end(JSON.stringify(body));
}

function headersOf({ status }: Problem): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    // RFC 9110 §15.5.2: an answer 401 names the scheme.
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  };
}

export function problem(code: ErrorCode, requestId: string | undefined, fields?: readonly FieldFault[]): Problem {
  const { status, title } = ERRORS[code];
  return {
    type: `urn:xinqiao:error:${code}`,
    title,
    status,
    code,
    ...(requestId === undefined ? {} : { instance: `urn:uuid:${requestId}` }),
    ...(fields === undefined ? {} : { fields }),
  };
}

/** Only Nest's and fastify's own errors choose a status; a status on any other error belongs to some other exchange. */
function statusOf(exception: unknown): number | undefined {
  if (exception instanceof HttpException) return exception.getStatus();
  if (textOf(exception, 'code')?.startsWith('FST_') !== true || !(exception instanceof Error)) return undefined;
  return 'statusCode' in exception && typeof exception.statusCode === 'number' ? exception.statusCode : undefined;
}

function schemaFaultsOf(exception: unknown): readonly FieldFault[] | undefined {
  if (!(exception instanceof Error) || !('code' in exception) || exception.code !== 'FST_ERR_VALIDATION')
    return undefined;
  const faults = 'validation' in exception && Array.isArray(exception.validation) ? exception.validation : [];
  return fieldsOfSchemaFaults(faults.filter(isSchemaFault));
}

function isSchemaFault(fault: unknown): fault is SchemaFault {
  return (
    typeof fault === 'object' && fault !== null && 'keyword' in fault && 'instancePath' in fault && 'params' in fault
  );
}
