import type { ColumnOptions } from 'typeorm';

/** An instant: Unix seconds in the code, `timestamptz` in the database, so that an operator can read it there. */
export const INSTANT = {
  type: 'timestamptz',
  transformer: {
    to: (seconds: number | null | undefined) => (typeof seconds === 'number' ? new Date(seconds * 1000) : seconds),
    from: (instant: Date | null) => instant && Math.floor(instant.getTime() / 1000),
  },
} as const satisfies ColumnOptions;

/** An instant that has not come for every row. */
export const INSTANT_OR_NULL = { ...INSTANT, nullable: true } as const satisfies ColumnOptions;
