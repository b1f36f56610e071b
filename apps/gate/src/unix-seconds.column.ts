import type { ColumnOptions } from 'typeorm';

/** A `bigint` column of whole Unix seconds (or another safe integer). */
export const UNIX_SECONDS = {
  type: 'bigint',
  transformer: {
    // `to` also meets what find operators hand through.
    to: (value: unknown): unknown => value,
    from: (value: string | null): number | null => (value === null ? null : Number(value)),
  },
} as const satisfies ColumnOptions;

export const UNIX_SECONDS_OR_NULL = { ...UNIX_SECONDS, nullable: true } as const satisfies ColumnOptions;
