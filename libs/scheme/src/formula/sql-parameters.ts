export type SqlValue = string | number | readonly string[];

/**
 * The values of one statement. What comes from a document reaches the statement only through here: texts and days as
 * parameters, whole numbers as their digits.
 */
export class SqlParameters {
  readonly #values: SqlValue[] = [];
  readonly #placeholders = new Map<string, string>();

  /** @param before how many parameters the caller's own SQL uses: `$1` to `$before` */
  constructor(private readonly before: number) {}

  get values(): readonly SqlValue[] {
    return this.#values;
  }

  text(value: string): string {
    return this.#placeholder(value, 'text');
  }

  texts(values: readonly string[]): string {
    return this.#placeholder(values, 'text[]');
  }

  /** `YYYY-MM-DD` */
  day(value: string): string {
    return this.#placeholder(value, 'date');
  }

  /** Unix seconds. */
  instant(value: number): string {
    return `to_timestamp(${this.#placeholder(value, 'bigint')})`;
  }

  /** Equal values share a placeholder, so that equal expressions are computed once. */
  #placeholder(value: SqlValue, type: string): string {
    const key = JSON.stringify([type, value]);
    const known = this.#placeholders.get(key);
    if (known !== undefined) return known;
    const placeholder = `$${this.before + this.#values.push(value)}::${type}`;
    this.#placeholders.set(key, placeholder);
    return placeholder;
  }
}

/** A whole number as SQL. */
export function whole(value: number, type: 'integer' | 'bigint' = 'bigint'): string {
  if (!Number.isSafeInteger(value)) throw new RangeError('not a whole number');
  return `(${value}::${type})`;
}
