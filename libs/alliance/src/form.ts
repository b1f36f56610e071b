import { isCalendarDay } from '#libs/calendar';
import { isJsonObject, type JsonValue } from '#libs/jose-profile';

/** Reads a JSON value that has exactly one form; `undefined` when it has not. */
export type Form<Value> = (value: JsonValue | undefined) => Value | undefined;

/** A member that may be left out (never `null`). */
export interface OptionalForm<Value> {
  readonly optional: Form<Value>;
}

type MemberForms<Value> = {
  readonly [Name in keyof Value]-?: Partial<Pick<Value, Name>> extends Pick<Value, Name>
    ? OptionalForm<Exclude<Value[Name], undefined>>
    : Form<Value[Name]>;
};

/** An object with these members and no other: what a reader does not know it does not sign off. */
export function object<Value extends object>(members: MemberForms<Value>): Form<Value> {
  const forms = Object.entries<Form<unknown> | OptionalForm<unknown>>(members);
  return (value) => {
    if (!isJsonObject(value)) return undefined;
    if (Object.keys(value).some((name) => !Object.hasOwn(members, name))) return undefined;
    const read: Record<string, unknown> = {};
    for (const [name, form] of forms) {
      if (typeof form !== 'function' && !Object.hasOwn(value, name)) continue;
      const member = (typeof form === 'function' ? form : form.optional)(value[name]);
      if (member === undefined) return undefined;
      read[name] = member;
    }
    return read as Value;
  };
}

export function optional<Value>(form: Form<Value>): OptionalForm<Value> {
  return { optional: form };
}

/** A list of `min` to `max` values, no two with the same `key`. */
export function list<Value>(
  form: Form<Value>,
  bounds: { readonly min?: number; readonly max: number },
  key: (value: Value) => unknown = (value) => value,
): Form<readonly Value[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length < (bounds.min ?? 0) || value.length > bounds.max) return undefined;
    const read: Value[] = [];
    for (const item of value as readonly JsonValue[]) {
      const member = form(item);
      if (member === undefined) return undefined;
      read.push(member);
    }
    return read.length < 2 || new Set(read.map(key)).size === read.length ? read : undefined;
  };
}

/** An object of free member names, at most `max` of them. */
export function record<Value>(
  name: Form<string>,
  form: Form<Value>,
  max: number,
): Form<Readonly<Record<string, Value>>> {
  return (value) => {
    if (!isJsonObject(value)) return undefined;
    const read: Record<string, Value> = {};
    const names = Object.keys(value);
    if (names.length > max) return undefined;
    for (const each of names) {
      const member = form(value[each]);
      if (name(each) === undefined || member === undefined) return undefined;
      read[each] = member;
    }
    return read;
  };
}

/** Well-formed text of 1 to `max` UTF-16 units, without control characters. */
export function text(max: number): Form<string> {
  return (value) =>
    typeof value === 'string' && value !== '' && value.length <= max && value.isWellFormed() && !/\p{Cc}/u.test(value)
      ? value
      : undefined;
}

export function matching(pattern: RegExp): Form<string> {
  return (value) => (typeof value === 'string' && pattern.test(value) ? value : undefined);
}

export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Form<number> {
  return (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined;
}

export function oneOf<const Value extends string>(...values: readonly Value[]): Form<Value> {
  return (value) => values.find((each) => each === value);
}

/** The value as the first of these forms that fits. */
export function anyOf<Value>(...forms: readonly Form<Value>[]): Form<Value> {
  return (value) => {
    for (const form of forms) {
      const read = form(value);
      if (read !== undefined) return read;
    }
    return undefined;
  };
}

/** A form with a rule between its members. */
export function where<Value>(form: Form<Value>, holds: (value: Value) => boolean): Form<Value> {
  return (value) => {
    const read = form(value);
    return read !== undefined && holds(read) ? read : undefined;
  };
}

/** An existing calendar day, `YYYY-MM-DD`. */
export const day: Form<string> = (value) => (typeof value === 'string' && isCalendarDay(value) ? value : undefined);
