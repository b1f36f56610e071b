import type { ColumnOptions } from 'typeorm';

/** A `bigint` column that holds safe integers only (instants in Unix seconds, epochs, sequence numbers). */
export const SAFE_INTEGER = {
  type: 'bigint',
  transformer: {
    // `to` also meets what find operators hand through.
    to: (value: unknown): unknown => value,
    from: (value: string | null): number | null => (value === null ? null : Number(value)),
  },
} as const satisfies ColumnOptions;
