import { isDeepStrictEqual } from 'node:util';
import type { Answer } from '../county/ask.js';

/** The system did not do what the row says. */
export class RowFault extends Error {}

export function equal(what: string, actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected))
    throw new RowFault(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}

/** What was answered to a request that must succeed. */
export function granted(what: string, answer: Answer): Answer['body'] {
  if (answer.status >= 400) throw faultOf(what, answer);
  return answer.body;
}

/** The code of a request that must be refused. */
export function refused(what: string, answer: Answer): string {
  if (answer.status < 400) throw new RowFault(`${what}: was not refused`);
  const code = String(answer.body['code']);
  // A broken body or a missing route refuses nothing.
  if (answer.status >= 500 || BROKEN.has(code)) throw faultOf(what, answer);
  return code;
}

const BROKEN: ReadonlySet<string> = new Set(['BODY_INVALID', 'TOO_MANY_REQUESTS', 'STAFF_TOKEN_REFUSED']);

function faultOf(what: string, { status, body }: Answer): Error {
  const { code, fields = [] } = body as { readonly code?: string; readonly fields?: readonly object[] };
  const text = `${what}: ${status} ${String(code)} ${JSON.stringify(fields.slice(0, 3))}`;
  return status >= 500 || status === 429 ? new Error(text) : new RowFault(text);
}
