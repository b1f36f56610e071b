import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readJson } from './read-json.js';

const fault = (text: string): unknown => {
  const read = readJson(text);
  return read.ok ? undefined : [read.fault.code, text.slice(read.fault.offset), read.fault.about];
};

describe('readJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 2, '\t'), (drawn, space) => {
        const text = JSON.stringify(drawn, undefined, space);
        const read = readJson(text);
        expect(read.ok && read.value.value).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses what JSON.parse refuses, and reads the same where neither does', () => {
    const piece = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"', '1', '-', '01', 'true', ' ', '\n', '\\u12');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        let parsed: { readonly value?: unknown } = {};
        try {
          parsed = { value: JSON.parse(text) as unknown };
        } catch {
          // It is no JSON.
        }
        const read = readJson(text);
        if (!read.ok && read.fault.code === 'JSON_MEMBER_TWICE') return;
        expect(read.ok ? { value: read.value.value } : {}).toEqual(parsed);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['{"a": 1\n"b": 2}', 'JSON_UNEXPECTED', '"b": 2}', ', / }'],
    ['[1 2]', 'JSON_UNEXPECTED', '2]', ', / ]'],
    ['{"a" 1}', 'JSON_UNEXPECTED', '1}', ':'],
    ['{a: 1}', 'JSON_UNEXPECTED', 'a: 1}', '"…"'],
    ['{"a": 1,}', 'JSON_UNEXPECTED', '}', '"…"'],
    ['{"a": "one\ntwo"}', 'JSON_UNEXPECTED', '"one\ntwo"}', '"…"'],
    ['{"a": "\t"}', 'JSON_UNEXPECTED', '"\t"}', '"…"'],
    ['{} {}', 'JSON_UNEXPECTED', '{}', 'EOF'],
    ['{"a": 1，"b": 2}', 'JSON_FULL_WIDTH', '，"b": 2}', '，'],
    ['{“a”: 1}', 'JSON_FULL_WIDTH', '“a”: 1}', '“'],
    ['{"a": 1', 'JSON_ENDS_EARLY', '', ', / }'],
    ['', 'JSON_ENDS_EARLY', '', '"…" / 0 / { / [ / true / false / null'],
    ['{"a": 1, "a": 2}', 'JSON_MEMBER_TWICE', '"a": 2}', 'a'],
    ['['.repeat(66), 'JSON_TOO_DEEP', '[', undefined],
  ])('of %j says %s where it is', (text, code, rest, about) => {
    expect(fault(text)).toEqual([code, rest, about]);
  });

  it('knows where every value begins, and of what is missing the nearest thing above', () => {
    const text = '{ "a": [1, {"b/c": 22}], "d": null }';
    const read = readJson(text);
    const at = (pointer: string): string => (read.ok ? text.slice(read.value.offsetOf(pointer)).slice(0, 4) : '');
    expect([at(''), at('/a'), at('/a/1'), at('/a/1/b~1c'), at('/d')]).toEqual(['{ "a', '[1, ', '{"b/', '22}]', 'null']);
    expect([at('/a/7'), at('/a/1/x/y'), at('/x')]).toEqual(['[1, ', '{"b/', '{ "a']);
  });
});
