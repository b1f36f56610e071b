import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, isCanonicalJson, parseStrictJson, type JsonValue } from './strict-json.js';

const text = (value: JsonValue): string => new TextDecoder().decode(canonicalJson(value));

describe('canonical JSON (RFC 8785)', () => {
  it('gives the sample of §3.2.2 and §3.2.4', () => {
    const sample = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    const canonical = String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`;
    expect(text(JSON.parse(sample) as JsonValue)).toBe(canonical);
  });

  it('sorts members by UTF-16 code units (§3.2.3)', () => {
    const members = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\u{1f600}': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const sorted = JSON.parse(text(members)) as Record<string, string>;
    // An object lists integer-like names first, whatever their order in the text: '\r' before '1' shows in the text alone.
    expect(text(members).startsWith('{"\\r":"Carriage Return","1":"One"')).toBe(true);
    expect(Object.values(sorted).slice(2)).toEqual([
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the double %s as %s (appendix B)', (ieee, written) => {
    expect(text(Buffer.from(ieee, 'hex').readDoubleBE())).toBe(written);
  });

  it('refuses what JSON cannot carry: NaN, infinities, lone surrogates in values and names (§3.2.2.2, §3.2.2.3)', () => {
    for (const value of [Number.NaN, Infinity, -Infinity, '\ud800', ['\udc00x'], { '\ud800': 1 }])
      expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it('writes every character as ECMAScript does, wherever in a string it stands (§3.2.2.2)', () => {
    const characters = Array.from({ length: 0x900 }, (_, code) => String.fromCharCode(code));
    const odd = characters.filter((character) =>
      [character, `a${character}`, `${character}a`].some((string) => text(string) !== JSON.stringify(string)),
    );
    expect(odd).toEqual([]);
  });

  it('leaves undefined members out', () => {
    expect(text({ b: undefined, a: 1 })).toBe('{"a":1}');
  });

  it('does not depend on the order in which members were written', () => {
    fc.assert(
      fc.property(fc.dictionary(wellFormed, fc.jsonValue({ stringUnit: 'grapheme' })), (members) => {
        const other = Object.fromEntries(Object.entries(members).toReversed());
        expect(text(other as JsonValue)).toBe(text(members));
      }),
    );
  });

  it('comes back as the same value, and again as the same bytes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const bytes = canonicalJson(value);
        const parsed = parseStrictJson(bytes, { maxBytes: 1_000_000, maxDepth: 100, maxValues: 1_000_000 });
        // JSON.stringify, too, writes -0 as 0 (§3.2.2.3).
        expect(parsed).toEqual({ ok: true, value: JSON.parse(JSON.stringify(value)) as unknown });
        expect(parsed.ok && canonicalJson(parsed.value)).toEqual(bytes);
      }),
    );
  });
});

const wellFormed = fc.string({ unit: 'grapheme' });

describe('bytes that are canonical (RFC 8785)', () => {
  const bytesOf = (written: string): Uint8Array => new TextEncoder().encode(written);
  const isCanonical = (written: string): boolean => isCanonicalJson(bytesOf(written), JSON.parse(written) as JsonValue);

  it('are exactly those that the canonical form gives, integer-like names and all', () => {
    const names = fc.oneof(fc.string({ maxLength: 3 }), fc.nat(30).map(String));
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(names, tie('value'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(value, fc.boolean(), (json, isAsWritten) => {
        const written = isAsWritten ? JSON.stringify(json) : text(json);
        expect(isCanonical(written)).toBe(text(JSON.parse(written) as JsonValue) === written);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['{"1":0,"a":1}', true],
    ['{"10":0,"9":1}', true],
    ['{"9":1,"10":0}', false],
    ['{"b":0,"a":1}', false],
    ['{"a":{"c":0,"b":1}}', false],
    ['{"a": 1}', false],
    ['{"a":1,"a":1}', false],
    ['1.0', false],
    [String.raw`"\u0041"`, false],
    [String.raw`"\ud800"`, false],
  ])('%s: %s', (written, expected) => {
    expect(isCanonical(written)).toBe(expected);
  });
});
