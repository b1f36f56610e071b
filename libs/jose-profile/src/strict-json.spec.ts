import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { describeWithVectors } from '#libs/testing';
import { isNumericDate, parseStrictJson, parseStrictObject, TOKEN_JSON_BOUNDS } from './strict-json.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (text: string): unknown => parseStrictJson(bytesOf(text), TOKEN_JSON_BOUNDS);
const ROOMY = { maxBytes: 1_000_000, maxDepth: 100, maxValues: 1_000_000 };

describe('strict JSON (RFC 8725 §2.4, RFC 8259 §4 and §8.1)', () => {
  it('parses whatever JSON carries to what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(parseStrictJson(bytesOf(text), ROOMY)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      }),
    );
  });

  it('refuses a member that stands twice, at any depth and whatever the two hold', () => {
    const member = fc.tuple(fc.string(), fc.jsonValue({ maxDepth: 2 }));
    fc.assert(
      fc.property(member, fc.jsonValue({ maxDepth: 2 }), fc.nat(4), ([name, first], second, depth) => {
        const twice = `{${JSON.stringify(name)}:${JSON.stringify(first)},${JSON.stringify(name)}:${JSON.stringify(second)}}`;
        const text = '[{"a":'.repeat(depth) + twice + '}]'.repeat(depth);
        expect(parseStrictJson(bytesOf(text), ROOMY)).toEqual({ ok: false, fault: 'JSON_DUPLICATE_MEMBER' });
      }),
    );
  });

  it.each([
    ['one of them escaped', '{"exp":1,"\\u0065xp":2}'],
    ['inside an array', '[1,{"a":[{"b":null,"b":null}]}]'],
    ['the prototype by name', '{"__proto__":1,"__proto__":{"a":2}}'],
    ['under a name of quotes and colons', '{"\\":\\"":1,"\\":\\"":1}'],
  ])('sees a member twice: %s', (_what, text) => {
    expect(parse(text)).toEqual({ ok: false, fault: 'JSON_DUPLICATE_MEMBER' });
  });

  it('does not take a colon inside a string for a member', () => {
    expect(parse('{"a":"{\\"b\\":1,\\"b\\":2}::"}')).toMatchObject({ ok: true });
  });

  it('finds the end of a string behind any escapes, whatever stands around it', () => {
    const piece = fc.constantFrom('\\\\', '\\"', '\\u0022', '\\u005c', ':', '{', '[', '荣', 'a');
    const quoted = fc.array(piece, { maxLength: 6 }).map((pieces) => `"${pieces.join('')}"`);
    fc.assert(
      fc.property(fc.array(fc.tuple(quoted, quoted), { minLength: 1, maxLength: 6 }), (members) => {
        const text = `{${members.map(([name, value]) => `${name}:${value}`).join(' , ')}}`;
        const names = members.map(([name]) => JSON.parse(name) as string);
        const isTwice = new Set(names).size !== names.length;
        expect(parse(text)).toEqual(
          isTwice ? { ok: false, fault: 'JSON_DUPLICATE_MEMBER' } : { ok: true, value: JSON.parse(text) as unknown },
        );
      }),
    );
  });

  it.each([
    ['an escape outside any string', '\\"a":1'],
    ['a string that never ends', '{"a":"b'],
    ['a string that ends in a backslash', '{"a":"\\'],
    ['an escaped closing quote', '{"a":"\\"}'],
  ])('refuses %s', (_what, text) => {
    expect(parse(text)).toEqual({ ok: false, fault: 'JSON_MALFORMED' });
  });

  it('never lets a member reach a prototype', () => {
    const parsed = parseStrictObject(bytesOf('{"__proto__":{"alg":"none"}}'), TOKEN_JSON_BOUNDS);
    expect(parsed.ok && parsed.value['alg']).toBeUndefined();
    expect(parsed.ok && Object.hasOwn(parsed.value, '__proto__')).toBe(true);
  });

  it('bounds depth and size before anything is built', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(parse(nested(TOKEN_JSON_BOUNDS.maxDepth))).toMatchObject({ ok: true });
    expect(parse(nested(TOKEN_JSON_BOUNDS.maxDepth + 1))).toEqual({ ok: false, fault: 'JSON_TOO_DEEP' });
    const siblings = `[${'[],{},'.repeat(TOKEN_JSON_BOUNDS.maxDepth)}0]`;
    expect(parse(siblings)).toMatchObject({ ok: true });
    expect(parse('['.repeat(10_000))).toEqual({ ok: false, fault: 'JSON_TOO_DEEP' });
    const spaces = ' '.repeat(TOKEN_JSON_BOUNDS.maxBytes - 1);
    expect(parse(`1${spaces}`)).toMatchObject({ ok: true });
    expect(parse(`11${spaces}`)).toEqual({ ok: false, fault: 'JSON_TOO_LARGE' });
  });

  it('bounds the number of values before anything is built (RFC 8259 §9)', () => {
    const { maxValues } = TOKEN_JSON_BOUNDS;
    for (const value of ['0', '[]', '{}', '""', '"a,b"']) {
      const count = value === '[]' || value === '{}' ? maxValues / 2 : maxValues;
      expect(parse(`[${Array.from({ length: count }, () => value).join(',')}]`)).toMatchObject({ ok: true });
      const more = Array.from({ length: count + 1 }, () => value).join(',');
      expect(parse(`[${more}]`)).toEqual({ ok: false, fault: 'JSON_TOO_MANY' });
    }
  });

  it('refuses a byte order mark and bytes that are not UTF-8', () => {
    expect(parse('\u{feff}{}')).toEqual({ ok: false, fault: 'JSON_MALFORMED' });
    expect(parseStrictJson(Uint8Array.of(0x22, 0xff, 0x22), ROOMY)).toEqual({ ok: false, fault: 'JSON_NOT_UTF8' });
    expect(parseStrictJson(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), ROOMY)).toEqual({
      ok: false,
      fault: 'JSON_NOT_UTF8',
    });
  });

  it('takes only an object where one is asked for', () => {
    for (const text of ['[]', 'null', '1', '"{}"'])
      expect(parseStrictObject(bytesOf(text), TOKEN_JSON_BOUNDS)).toEqual({ ok: false, fault: 'JSON_MALFORMED' });
  });
});

describe('a NumericDate of the profile (RFC 7519 §2)', () => {
  it('is a whole, safe, non-negative number of seconds', () => {
    expect([0, 1_700_000_000, Number.MAX_SAFE_INTEGER].every(isNumericDate)).toBe(true);
    const others = ['1700000000', Infinity, Number.NaN, -1, 1.5, 2 ** 53, null, undefined, [1], true];
    expect(others.filter(isNumericDate)).toEqual([]);
  });

  it('is not a number too large for JSON to keep', () => {
    const parsed = parseStrictObject(bytesOf('{"exp":1e999}'), TOKEN_JSON_BOUNDS);
    expect(parsed.ok && isNumericDate(parsed.value['exp'])).toBe(false);
  });
});

describeWithVectors('other/json-parsing', ({ folder }) => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const outcome = (file: string): ReturnType<typeof parseStrictJson> =>
    parseStrictJson(readFileSync(new URL(encodeURIComponent(file), folder)), ROOMY);
  const named = (prefix: string): string[] => files.filter((file) => file.startsWith(prefix));
  const twice = named('y_object_duplicated_key');

  it('are all there', () => {
    expect([named('y_').length, named('n_').length, named('i_').length]).toEqual([95, 188, 35]);
  });

  it('y: parse, but for a member that stands twice (RFC 8259 §4: SHOULD be unique; here it must)', () => {
    expect(named('y_').filter((file) => !outcome(file).ok)).toEqual(twice);
    expect(twice.map(outcome)).toEqual(twice.map(() => ({ ok: false, fault: 'JSON_DUPLICATE_MEMBER' })));
  });

  it('n: fail', () => {
    expect(named('n_').filter((file) => outcome(file).ok)).toEqual([]);
  });

  it('i: are an outcome, never an exception', () => {
    expect(named('i_').filter((file) => typeof outcome(file).ok !== 'boolean')).toEqual([]);
  });
});
