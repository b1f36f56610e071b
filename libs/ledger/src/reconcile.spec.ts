import { describe, expect, it } from '@jest/globals';
import { type HandOut, reconcile } from './index.js';

const took = (subject: string, sku: string, items: number, points: number): HandOut => ({
  subject,
  sku,
  items,
  points,
});

describe('the reconciliation after a redemption day (F12, F13)', () => {
  const handOuts = [took('a', 'oil', 1, 60), took('a', 'towel', 2, 20), took('b', 'towel', 1, 10)];

  it('counts people, points and items, and holds them against the list', () => {
    expect(reconcile(handOuts, ['a', 'c'], [])).toEqual({
      people: 2,
      points: 90,
      items: 4,
      uninvited: ['b'],
      absent: ['c'],
      stock: [],
    });
  });

  it('knows nobody uninvited or absent where everybody may come', () => {
    expect(reconcile(handOuts, undefined, [])).toMatchObject({ people: 2, uninvited: [], absent: [] });
  });

  it('holds the shelves against the register', () => {
    const counts = [
      { sku: 'towel', before: 10, after: 6 },
      { sku: 'oil', before: 3, after: 2 },
      { sku: 'soap', before: 3, after: 3 },
      { sku: 'spray', before: 3, after: 5 },
    ];
    expect(reconcile(handOuts, undefined, counts).stock).toEqual([
      { sku: 'towel', before: 10, after: 6, handedOut: 3, variance: -1 },
      { sku: 'oil', before: 3, after: 2, handedOut: 1, variance: 0 },
      { sku: 'soap', before: 3, after: 3, handedOut: 0, variance: 0 },
      { sku: 'spray', before: 3, after: 5, handedOut: 0, variance: 2 },
    ]);
  });

  it('takes returns off, and people who gave everything back', () => {
    const returned = [...handOuts, took('b', 'towel', -1, -10)];
    expect(reconcile(returned, ['a', 'b'], [{ sku: 'towel', before: 10, after: 8 }])).toEqual({
      people: 1,
      points: 80,
      items: 3,
      uninvited: [],
      absent: ['b'],
      stock: [{ sku: 'towel', before: 10, after: 8, handedOut: 2, variance: 0 }],
    });
  });
});
