import { describe, expect, it } from '@jest/globals';
import { doorDigest, makeDoorCode } from './door-code.js';

describe('the code of a door', () => {
  it('is known again as link or typed, and by its digest only', () => {
    const { code, digest } = makeDoorCode();
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{20}$/);
    const forms = [code, `https://rongcheng.example/d#${code}`, ` ${code.toLowerCase().replaceAll('0', 'o')}`];
    expect(forms.map(doorDigest)).toEqual([digest, digest, digest]);
    expect(doorDigest(`${code.slice(0, 10)}-${code.slice(10)}`.replaceAll('1', 'l'))).toBe(digest);
    expect(makeDoorCode().code).not.toBe(code);
    for (const text of ['', code.slice(1), `${code}0`, `${code.slice(1)}U`]) expect(doorDigest(text)).toBeUndefined();
  });
});
