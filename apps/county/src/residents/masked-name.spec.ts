import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { maskedName } from './masked-name.js';

describe('maskedName', () => {
  it.each([
    ['王小明', '王*明'],
    ['王明', '王*'],
    ['欧阳明', '欧阳*'],
    ['欧阳小明', '欧阳*明'],
    ['欧阳', '欧*'],
    ['诸葛小小明', '诸葛*明'],
    ['阿依古丽·买买提', '阿*提'],
    ['𠮷小明', '𠮷*明'],
    ['Anna Lee', 'A*e'],
    ['明', '明*'],
  ])('%s is shown as %s', (name, masked) => {
    expect(maskedName(name)).toBe(masked);
  });

  it('never shows more than three characters besides the asterisk, nor how long the name is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 4, maxLength: 30 }), (name) => {
        expect(Array.from(maskedName(name)).length).toBeLessThanOrEqual(4);
      }),
    );
  });
});
