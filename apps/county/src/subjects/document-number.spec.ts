import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { birthYearOf, parseDocumentNumber } from './document-number.js';

/** The example of GB 11643-1999 §6; no living person. */
const VALID = '11010519491231002X';

describe('the number of a resident identity card (GB 11643)', () => {
  it('is read as people write it, and says the year of birth', () => {
    const document = parseDocumentNumber('resident_id', ' 110105-1949 1231-002x');
    expect(document).toEqual({ type: 'resident_id', number: VALID });
    expect(birthYearOf(document!)).toBe(1949);
    expect(parseDocumentNumber('resident_id', '440524188001010014')?.number).toBe('440524188001010014');
  });

  it('is refused with one digit changed, or two neighbours swapped', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const digit = (Number(VALID[at]) + by) % 10;
        expect(parseDocumentNumber('resident_id', VALID.slice(0, at) + digit + VALID.slice(at + 1))).toBeUndefined();
      }),
    );
    const swapped = Array.from(
      { length: 16 },
      (_, at) => VALID.slice(0, at) + VALID[at + 1] + VALID[at] + VALID.slice(at + 2),
    );
    const accepted = swapped.filter((text) => parseDocumentNumber('resident_id', text) !== undefined);
    // Equal neighbours swapped are the number itself.
    expect(new Set(accepted)).toEqual(new Set([VALID]));
  });

  it.each(['', '110105194912310021', '11010519491231002', '110105194912310029X', 'A1010519491231002X'])(
    'is not %j',
    (text) => {
      expect(parseDocumentNumber('resident_id', text)).toBeUndefined();
    },
  );

  it('needs a day that exists, whatever the check character', () => {
    const numbers = Array.from('0123456789X', (check) => `11010519490229002${check}`);
    expect(numbers.filter((number) => parseDocumentNumber('resident_id', number) !== undefined)).toEqual([]);
  });
});

describe('the number of another document', () => {
  it('has 5 to 30 letters and digits, and says no year', () => {
    const document = parseDocumentNumber('other', 'e 1234-5678');
    expect(document).toEqual({ type: 'other', number: 'E12345678' });
    expect(birthYearOf(document!)).toBeUndefined();
    for (const text of ['1234', 'A'.repeat(31), '12345é', '12_345'])
      expect(parseDocumentNumber('other', text)).toBeUndefined();
  });
});
