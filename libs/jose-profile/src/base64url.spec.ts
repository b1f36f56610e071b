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

  it('decodes only the one canonical text of given bytes (RFC 4648 §3.5)', () => {
    const almost = fc.stringMatching(/^[A-Za-z0-9_+/=-]{0,40}$/);
    fc.assert(
      fc.property(fc.oneof(almost, fc.string()), (text) => {
        const bytes = decodeBase64url(text);
        return bytes === undefined || encodeBase64url(bytes) === text;
      }),
    );
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
