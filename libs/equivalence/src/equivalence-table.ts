import { isBand, type Band } from './bands.js';

/** The payload of a `table` document on the wire, besides `type` (docs/wire.md, design §4.4). */
export interface EquivalenceTable {
  readonly id: string;
  readonly scheme: { readonly id: string; readonly fingerprint: string };
  readonly version: number;
  readonly map: Readonly<Record<string, Band>>;
  readonly excluded: readonly string[];
  /** First day, `YYYY-MM-DD`, Asia/Shanghai; the version ends when the next one starts. */
  readonly effectiveFrom: string;
}

/** The band of a scheme's grade under a table; `undefined` when it is excluded or the table does not know it. */
export function bandOf(table: EquivalenceTable, grade: string): Band | undefined {
  const band = table.map[grade];
  // What every object inherits is no band either.
  return isBand(band) ? band : undefined;
}
