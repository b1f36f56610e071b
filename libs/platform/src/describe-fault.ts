import { types } from 'node:util';
import { QueryFailedError } from 'typeorm';
import { textOf } from './error-facts.js';
import { GatewayError } from './gateway-error.js';

/** What a log may say about a failure. */
export interface FaultDescription {
  readonly fault: string;
  readonly faultCode?: string;
  readonly message?: string;
  readonly table?: string;
  readonly constraint?: string;
  readonly stack?: string;
  readonly cause?: FaultDescription;
}

/**
 * Describes a failure without the data it failed on: a failed query keeps its SQLSTATE and the names of table and
 * constraint but neither statement, parameters nor the server's sentence, and a syntax error loses its message
 * because JSON.parse quotes the text it could not read.
 */
export function describeFault(error: unknown, depth = 0): FaultDescription {
  if (!types.isNativeError(error)) return { fault: error === null ? 'null' : typeof error };
  const stack = framesOf(error);
  const base = { fault: error.name, ...(stack === '' ? {} : { stack }) };
  if (error instanceof QueryFailedError) return { ...base, ...queryFacts(error.driverError) };
  const code = textOf(error, 'code');
  const causes = error.cause === undefined || depth >= 2 ? {} : { cause: describeFault(error.cause, depth + 1) };
  return {
    ...base,
    ...(code === undefined ? {} : { faultCode: code }),
    ...(error.name === 'SyntaxError' ? {} : { message: error.message }),
    ...causes,
  };
}

function queryFacts(driverError: unknown): Partial<FaultDescription> {
  const sqlState = textOf(driverError, 'code');
  const table = textOf(driverError, 'table');
  const constraint = textOf(driverError, 'constraint');
  return {
    ...(sqlState === undefined ? {} : { faultCode: sqlState }),
    ...(table === undefined ? {} : { table }),
    ...(constraint === undefined ? {} : { constraint }),
  };
}

/** The stack without its first lines, which repeat the message. */
function framesOf(error: Error): string {
  const lines = error instanceof GatewayError ? [] : (error.stack ?? '').split('\n');
  return lines.filter((line) => line.startsWith('    at ')).join('\n');
}
