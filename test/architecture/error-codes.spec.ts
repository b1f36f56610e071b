import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ActFault, EntryFault, ReversalFault, spendPoints } from '#libs/ledger';
import type { LocalServiceErrorCode } from '#libs/local-services';
import { ERRORS, type ErrorCode } from '#libs/platform';
import { ROOT } from './source-files.js';

type SpendFault = Extract<ReturnType<typeof spendPoints>, { ok: false }>['fault'];
type LedgerFault = ActFault | EntryFault | ReversalFault | SpendFault;

/** Fails to compile when a server that does not start, or a refusal of the ledger, could end in a code nobody can look up. */
type Undocumented = Exclude<LocalServiceErrorCode | LedgerFault, ErrorCode>;
const undocumented: readonly Undocumented[] = [];

/** The rows of docs/errors.md: code and status. */
function documented(): readonly (readonly [code: string, status: number])[] {
  const text = readFileSync(path.join(ROOT, 'docs', 'errors.md'), 'utf8');
  return [...text.matchAll(/^\| `([A-Z_]+)` *\| *(\d{3}) *\|/gm)].map(([, code, status]) => [code!, Number(status)]);
}

describe('the error codes', () => {
  it('stand in docs/errors.md, each once and with its status, and no others', () => {
    const table = Object.entries(ERRORS).map(([code, { status }]) => [code, status] as const);
    const byCode = ([one]: readonly [string, number], [other]: readonly [string, number]): number =>
      one.localeCompare(other);
    expect(documented().toSorted(byCode)).toEqual(table.toSorted(byCode));
  });

  it('include every reason why a server on this machine does not start, and every refusal of the ledger', () => {
    const assigned: readonly never[] = undocumented;
    expect(assigned).toEqual([]);
  });
});
