import { describe, expect, it } from '@jest/globals';
import { rebateFen } from './rebate.js';

describe('what comes back of a purchase (domain F28: 返利)', () => {
  it('is the per cent of what was paid, rounded half up to whole fen', () => {
    expect(rebateFen({ percent: 5 }, 12_800)).toBe(640);
    expect(rebateFen({ percent: 5 }, 9)).toBe(0);
    expect(rebateFen({ percent: 5 }, 10)).toBe(1);
    expect(rebateFen({ percent: 99 }, 1)).toBe(1);
  });

  it('is of a purchase: nothing paid, half a fen or a debt is none', () => {
    for (const paid of [0, -1, 0.5, Number.NaN]) expect(() => rebateFen({ percent: 5 }, paid)).toThrow(RangeError);
  });
});
