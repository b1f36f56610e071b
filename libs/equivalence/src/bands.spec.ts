import { describe, expect, it } from '@jest/globals';
import { bandAtLeast, BANDS, isBand, type Band } from './bands.js';

describe('bandAtLeast: AAA > AA > A (design §2)', () => {
  it.each([
    ['AAA', ['AAA', 'AA', 'A']],
    ['AA', ['AA', 'A']],
    ['A', ['A']],
    [undefined, []],
  ] as [Band | undefined, Band[]][])('%s satisfies %j', (band, satisfied) => {
    expect(BANDS.filter((asked) => bandAtLeast(band, asked))).toEqual(satisfied);
  });

  it('knows no band below A, and nothing off the scale satisfies anything', () => {
    for (const value of ['B', 'a', 'AAAA', '', 0, null, undefined]) expect(isBand(value)).toBe(false);
    for (const asked of BANDS) expect(bandAtLeast('B' as Band, asked)).toBe(false);
    expect(bandAtLeast('AAA', 'B' as Band)).toBe(false);
  });
});
