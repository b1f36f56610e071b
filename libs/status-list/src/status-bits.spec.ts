import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createStatusList, entryCount, MIN_ENTRIES, readStatus, setStatus, type StatusBits } from './status-bits.js';

const WIDTHS = [1, 2, 4, 8] as const;

describe('packed statuses (Token Status List §4.1)', () => {
  it('stand least significant bit first: the 1-bit example', () => {
    const list: StatusBits = { bits: 1, bytes: Uint8Array.of(0xb9, 0xa3) };
    const statuses = Array.from({ length: 16 }, (_, index) => readStatus(list, index));
    expect(statuses).toEqual([1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]);
  });

  it('stand least significant bits first: the 2-bit example', () => {
    const list: StatusBits = { bits: 2, bytes: Uint8Array.of(0xc9, 0x44, 0xf9) };
    expect(Array.from({ length: 12 }, (_, index) => readStatus(list, index))).toEqual([
      1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3,
    ]);
  });

  it('are written in place without touching a neighbour, at every width', () => {
    const write = fc.tuple(fc.nat(63), fc.nat(255));
    fc.assert(
      fc.property(fc.constantFrom(...WIDTHS), fc.array(write), (bits, writes) => {
        const list: StatusBits = { bits, bytes: new Uint8Array(8 * bits) };
        const model = Array.from({ length: 64 }, () => 0);
        for (const [index, value] of writes) {
          const status = value % 2 ** bits;
          setStatus(list, index, status);
          model[index] = status;
        }
        expect(entryCount(list)).toBe(64);
        expect(model.map((_, index) => readStatus(list, index))).toEqual(model);
      }),
    );
  });

  it('have no status at anything but an integer index of the list', () => {
    const list: StatusBits = { bits: 1, bytes: Uint8Array.of(0xff) };
    const strange = ['7', '0', -1, 8, 1.5, Number.NaN, Infinity, 2 ** 53, 2 ** 32, null, undefined, {}, [3], true, 3n];
    expect(strange.map((index) => readStatus(list, index))).toEqual(strange.map(() => undefined));
    expect([readStatus(list, 0), readStatus(list, 7)]).toEqual([1, 1]);
  });

  it('refuse to be written outside the list or with a status that does not fit', () => {
    const list: StatusBits = { bits: 2, bytes: new Uint8Array(2) };
    for (const index of [-1, 8, 0.5, Number.NaN]) expect(() => setStatus(list, index, 1)).toThrow(RangeError);
    for (const status of [-1, 4, 0.5, Number.NaN]) expect(() => setStatus(list, 0, status)).toThrow(RangeError);
    expect(list.bytes).toEqual(new Uint8Array(2));
  });
});

describe('a list that is issued (design §4.1)', () => {
  it('hides a resident among at least 2^17 valid entries', () => {
    expect(entryCount(createStatusList())).toBe(131_072);
    expect(createStatusList(2 ** 20)).toEqual({ bits: 1, bytes: new Uint8Array(131_072) });
    for (const size of [0, MIN_ENTRIES - 8, MIN_ENTRIES + 1, Infinity, Number.NaN])
      expect(() => createStatusList(size)).toThrow(RangeError);
  });
});
