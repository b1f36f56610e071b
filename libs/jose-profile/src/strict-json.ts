import { fail, pass, type Result } from './result.js';

export type JsonFault =
  'JSON_TOO_LARGE' | 'JSON_TOO_DEEP' | 'JSON_TOO_MANY' | 'JSON_NOT_UTF8' | 'JSON_MALFORMED' | 'JSON_DUPLICATE_MEMBER';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: JsonValue | undefined;
}

export interface JsonBounds {
  readonly maxBytes: number;
  readonly maxDepth: number;
  /** Members and elements at any depth, as far as their commas and brackets tell. */
  readonly maxValues: number;
}

/** Generous for every token and document of the profile, small enough to cost nothing. */
export const TOKEN_JSON_BOUNDS: JsonBounds = { maxBytes: 16_384, maxDepth: 8, maxValues: 1_024 };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const QUOTE = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const [OPEN_BRACKET, CLOSE_BRACKET] = [0x5b, 0x5d];
const [OPEN_BRACE, CLOSE_BRACE] = [0x7b, 0x7d];

/**
 * Parses JSON as RFC 8725 §2.4 and RFC 8259 §4 and §8.1 wish it were always parsed: UTF-8 without a byte order mark, no
 * member twice, size, depth and the number of values bounded before anything is built. Numbers outside the safe range stay as JavaScript reads
 * them; dates are checked by `isNumericDate`.
 */
export function parseStrictJson(bytes: Uint8Array, bounds: JsonBounds): Result<JsonValue, JsonFault> {
  if (bytes.length > bounds.maxBytes) return fail('JSON_TOO_LARGE');
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return fail('JSON_NOT_UTF8');
  }
  const written = scan(text, bounds);
  if (typeof written === 'string') return fail(written);
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return fail('JSON_MALFORMED');
  }
  return countMembers(value) === written ? pass(value) : fail('JSON_DUPLICATE_MEMBER');
}

/** As `parseStrictJson`, for a text that must be one JSON object. */
export function parseStrictObject(bytes: Uint8Array, bounds: JsonBounds): Result<JsonObject, JsonFault> {
  const parsed = parseStrictJson(bytes, bounds);
  if (!parsed.ok) return parsed;
  return isJsonObject(parsed.value) ? pass(parsed.value) : fail('JSON_MALFORMED');
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A NumericDate (RFC 7519 §2) of the profile: a finite, safe, non-negative integer of Unix seconds. */
export function isNumericDate(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/**
 * Canonical JSON (RFC 8785): members sorted by UTF-16 code units, no white space, ECMAScript number form.
 * @throws TypeError on a value that JSON cannot carry (undefined members are left out; lone surrogates are refused)
 */
export function canonicalJson(value: JsonValue): Uint8Array {
  return encoder.encode(canonicalText(value));
}

function canonicalText(value: JsonValue): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('not a JSON number');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isJsonArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  let members = '';
  for (const name of Object.keys(value).toSorted()) {
    const member = value[name];
    if (member === undefined) continue;
    members += `${members === '' ? '' : ','}${quoted(name)}:${canonicalText(member)}`;
  }
  return `{${members}}`;
}

/**
 * Whether these bytes are canonical (RFC 8785): exactly what `canonicalJson` writes for the value that was parsed from them. False,
 * never an exception, for a value that has no canonical form.
 */
export function isCanonicalJson(bytes: Uint8Array, value: JsonValue): boolean {
  return areEqual(bytes, encoder.encode(isInOrder(value) ? JSON.stringify(value) : sortedText(value)));
}

/**
 * Whether ECMAScript writes the canonical form by itself, many times faster: every object lists its members in order already, and
 * no text holds a lone surrogate. Names that look like array indexes it lists in an order of its own, so of those this may be
 * false.
 */
function isInOrder(value: JsonValue): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (value === null || typeof value !== 'object') return true;
  if (isJsonArray(value)) return value.every(isInOrder);
  let before = '';
  for (const name of Object.keys(value)) {
    if (name < before || !name.isWellFormed() || !isInOrder(value[name] ?? null)) return false;
    before = name;
  }
  return true;
}

function sortedText(value: JsonValue): string {
  try {
    return canonicalText(value);
  } catch {
    return '';
  }
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}

/** Printable ASCII without quote and backslash stands as it is: most strings of the profile. */
const NEEDS_NO_ESCAPE = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  if (NEEDS_NO_ESCAPE.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new TypeError('a lone surrogate has no UTF-8 form');
  return JSON.stringify(text);
}

function isJsonArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/**
 * How many members the text writes (colons outside strings), or why it is not to be parsed: millions of small values cost far more
 * than their bytes tell. In well-formed JSON
 * every member has exactly one such colon, so a member written twice shows as one more than the parsed value holds.
 */
function scan(text: string, { maxDepth, maxValues }: JsonBounds): number | 'JSON_TOO_DEEP' | 'JSON_TOO_MANY' {
  let depth = 0;
  // Before every value but the outermost stands a comma, or the bracket that opens what it is the first of.
  let values = 0;
  let members = 0;
  let escapeAt = find(text, '\\', 0);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      // Strings are most of a text: rather than character by character, to the next quote that no backslash stands before.
      let quoteAt = find(text, '"', index + 1);
      while (escapeAt < quoteAt) {
        const next = escapeAt + 2;
        if (quoteAt < next) quoteAt = find(text, '"', next);
        escapeAt = find(text, '\\', next);
      }
      index = quoteAt;
    } else if (code === COLON) members += 1;
    else if (code === COMMA) {
      values += 1;
      if (values > maxValues) return 'JSON_TOO_MANY';
    } else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      depth += 1;
      values += 1;
      if (depth > maxDepth) return 'JSON_TOO_DEEP';
      if (values > maxValues) return 'JSON_TOO_MANY';
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) depth -= 1;
  }
  return members;
}

/** Where the character stands next, from `from` on; Infinity where it does not. */
function find(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from);
  return at === -1 ? Infinity : at;
}

function countMembers(value: JsonValue): number {
  if (value === null || typeof value !== 'object') return 0;
  let members = 0;
  if (isJsonArray(value)) {
    for (const inner of value) members += countMembers(inner);
    return members;
  }
  for (const name in value) members += 1 + countMembers(value[name] ?? null);
  return members;
}
