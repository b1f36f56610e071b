import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeBase64url, encodeBase64url } from './base64url.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('base64url without padding (RFC 4648 §5, RFC 7515 §2)', () => {
  it('gives the texts of RFC 4648 §10, without their padding', () => {
    const texts = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'];
    expect(texts.map((text) => encodeBase64url(bytesOf(text)))).toEqual([
      '',
      'Zg',
      'Zm8',
      'Zm9v',
      'Zm9vYg',
      'Zm9vYmE',
      'Zm9vYmFy',
    ]);
  });

  it('gives the octets of RFC 7515 appendix C', () => {
    expect(encodeBase64url(Uint8Array.of(3, 236, 255, 224, 193))).toBe('A-z_4ME');
    expect(decodeBase64url('A-z_4ME')).toEqual(Uint8Array.of(3, 236, 255, 224, 193));
  });

  it('agrees with the platform and comes back, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = encodeBase64url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64url'));
        expect(decodeBase64url(text)).toEqual(bytes);
      }),
    );
  });

  it('agrees with the platform at every length around a group and around a chunk', () => {
    const sizes = [...Array(9).keys(), ...Array.from({ length: 9 }, (_, offset) => 3068 + offset), 6144, 9217];
    for (const size of sizes) {
      const bytes = new Uint8Array(size).map((_, index) => (index * 31 + size) & 255);
      const text = encodeBase64url(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64url'));
      expect(decodeBase64url(text)).toEqual(bytes);
    }
  });

  it('reads a view of a larger buffer, and nothing around it', () => {
    const around = Uint8Array.of(1, 2, 3, 4, 5, 6, 7);
    expect(encodeBase64url(around.subarray(2, 6))).toBe(encodeBase64url(Uint8Array.of(3, 4, 5, 6)));
  });

  it('decodes only the one canonical text of given bytes (RFC 4648 §3.5)', () => {
    const almost = fc.stringMatching(/^[A-Za-z0-9_+/=-]{0,40}$/);
    fc.assert(
      fc.property(fc.oneof(almost, fc.string()), (text) => {
        const bytes = decodeBase64url(text);
        return bytes === undefined || encodeBase64url(bytes) === text;
      }),
    );
  });

  it('takes exactly one of the texts that a tail of one or two bytes could have', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split('');
    const pairs = alphabet.flatMap((first) => alphabet.map((second) => first + second));
    expect(pairs.filter((text) => decodeBase64url(text) !== undefined)).toEqual(
      pairs.filter((_, index) => index % 16 === 0),
    );
    const wrong = pairs.filter((pair) =>
      alphabet.some((third, value) => (decodeBase64url(pair + third) !== undefined) !== (value % 4 === 0)),
    );
    expect(wrong).toEqual([]);
  });

  it('refuses every foreign character at every place of a group, the last of a chunk included', () => {
    const foreign = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code)).filter(
      (character) => !/[\w-]/.test(character),
    );
    for (const character of [...foreign, '\ud83d', '\udc00', '\uffff', '荣'])
      for (const at of [0, 1, 2, 3, 4, 5, 6, 4092, 4095, 4096, 4098]) {
        const text = 'A'.repeat(at < 8 ? 7 : 4100);
        expect(decodeBase64url(text.slice(0, at) + character + text.slice(at + 1))).toBeUndefined();
      }
    expect(decodeBase64url(`${'A'.repeat(4094)}\ud83d\ude00`)).toBeUndefined();
  });

  it.each([
    ['padding', 'Zg=='],
    ['a lone character', 'Z'],
    ['a lone character after a group', 'Zm9vY'],
    ['the alphabet of plain base64', 'A+z/'],
    ['white space', 'Zm9v\n'],
    ['a non-zero trailing bit of four', 'Zh'],
    ['a non-zero trailing bit of two', 'Zm9'],
    ['a character beyond ASCII', 'Zm9\u{16d}'],
    ['NUL', 'Zm9\0'],
  ])('refuses %s', (_what, text) => {
    expect(decodeBase64url(text)).toBeUndefined();
  });
});
