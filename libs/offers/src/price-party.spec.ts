import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Effect, Party, Prices } from './offer.js';
import { priceParty } from './price-party.js';

const prices: Prices = {
  currency: 'CNY',
  adultFen: 8_000,
  childFen: 4_000,
  seniorFen: 8_000,
  statutory: { childFen: 4_000, seniorFen: 0 },
};
const family: Party = { adults: 2, children: 2, seniors: 1 };
const offer = (effect: Effect, party: Party = family) => ({ effect, party, prices });

describe('what a party pays (design §4.2)', () => {
  it('takes the best price of each person, the statutory concession without asking for a grade', () => {
    expect(priceParty(offer({ kind: 'percent_off', percent: 50 }), family)).toEqual({
      lines: [
        { kind: 'adults', count: 2, unitFen: 4_000, basis: 'offer' },
        { kind: 'children', count: 2, unitFen: 2_000, basis: 'offer' },
        { kind: 'seniors', count: 1, unitFen: 0, basis: 'statutory' },
      ],
      totalFen: 12_000,
      publicTotalFen: 32_000,
    });
  });

  it('lets people beyond the party of the offer pay the public or statutory price', () => {
    const small = offer({ kind: 'free' }, { adults: 1, children: 0, seniors: 0 });
    expect(priceParty(small, { adults: 3, children: 1, seniors: 2 })?.lines).toEqual([
      { kind: 'adults', count: 1, unitFen: 0, basis: 'offer' },
      { kind: 'adults', count: 2, unitFen: 8_000, basis: 'public' },
      { kind: 'children', count: 1, unitFen: 4_000, basis: 'public' },
      { kind: 'seniors', count: 2, unitFen: 0, basis: 'statutory' },
    ]);
  });

  it('never stacks: half off the public price, not off the concession', () => {
    const concession = { ...prices, statutory: { childFen: 3_000, seniorFen: 0 } };
    const half = { ...offer({ kind: 'percent_off', percent: 50 }), prices: concession };
    expect(priceParty(half, { adults: 0, children: 1, seniors: 0 })?.totalFen).toBe(2_000);
    const tenth = { ...offer({ kind: 'percent_off', percent: 10 }), prices: concession };
    expect(priceParty(tenth, { adults: 0, children: 1, seniors: 0 })?.lines).toEqual([
      { kind: 'children', count: 1, unitFen: 3_000, basis: 'statutory' },
    ]);
  });

  it('rounds a percentage half up, on the price of one person', () => {
    const odd = { ...prices, adultFen: 1_005 };
    const half = { effect: { kind: 'percent_off', percent: 50 }, party: family, prices: odd } as const;
    expect(priceParty(half, { adults: 2, children: 0, seniors: 0 })?.totalFen).toBe(2 * 503);
  });

  it('never raises a price: price_to above the public price changes nothing', () => {
    expect(priceParty(offer({ kind: 'price_to', fen: 9_000 }), { adults: 1, children: 0, seniors: 0 })?.lines).toEqual([
      { kind: 'adults', count: 1, unitFen: 8_000, basis: 'public' },
    ]);
  });

  it('is the public price under a cashback, or the statutory one: what comes back comes back later', () => {
    const back = offer({ kind: 'cashback', percent: 5 });
    expect(priceParty(back, { adults: 1, children: 1, seniors: 1 })?.lines).toEqual([
      { kind: 'adults', count: 1, unitFen: 8_000, basis: 'public' },
      { kind: 'children', count: 1, unitFen: 4_000, basis: 'public' },
      { kind: 'seniors', count: 1, unitFen: 0, basis: 'statutory' },
    ]);
  });

  it('has no answer without prices, and refuses a party that does not count people', () => {
    expect(priceParty({ effect: { kind: 'free' }, party: family }, family)).toBeUndefined();
    for (const adults of [-1, 0.5, Number.NaN])
      expect(() => priceParty(offer({ kind: 'free' }), { ...family, adults })).toThrow(RangeError);
  });
});

describe('what no party, price or effect can change (design §1.3)', () => {
  const people = fc.nat(30);
  const party = fc.record({ adults: people, children: people, seniors: people });
  const fen = fc.nat(1_000_000);
  const anyPrices = fc.record({
    currency: fc.constant('CNY' as const),
    adultFen: fen,
    childFen: fen,
    seniorFen: fen,
    statutory: fc.record({ childFen: fen, seniorFen: fen }),
  });
  const percent = fc.integer({ min: 1, max: 99 });
  const effect: fc.Arbitrary<Effect> = fc.oneof(
    fc.constant({ kind: 'free' as const }),
    percent.map((value) => ({ kind: 'percent_off' as const, percent: value })),
    percent.map((value) => ({ kind: 'coupon' as const, percent: value })),
    percent.map((value) => ({ kind: 'cashback' as const, percent: value })),
    fen.map((value) => ({ kind: 'price_to' as const, fen: value })),
  );

  it('is that the total is whole fen, not above the public total, and covers everybody once', () => {
    fc.assert(
      fc.property(effect, party, anyPrices, party, (given, covered, charged, coming) => {
        const priced = priceParty({ effect: given, party: covered, prices: charged }, coming);
        expect(priced).toBeDefined();
        if (priced === undefined) return;
        expect(Number.isSafeInteger(priced.totalFen)).toBe(true);
        expect(priced.totalFen).toBeLessThanOrEqual(priced.publicTotalFen);
        for (const kind of ['adults', 'children', 'seniors'] as const)
          expect(priced.lines.filter((line) => line.kind === kind).reduce((n, line) => n + line.count, 0)).toBe(
            coming[kind],
          );
      }),
    );
  });

  it('is that the offer never makes anybody pay more than without it', () => {
    fc.assert(
      fc.property(effect, party, anyPrices, party, (given, covered, charged, coming) => {
        const nobody = { adults: 0, children: 0, seniors: 0 };
        const granted = priceParty({ effect: given, party: covered, prices: charged }, coming);
        const without = priceParty({ effect: given, party: nobody, prices: charged }, coming);
        expect(granted?.totalFen).toBeLessThanOrEqual(without?.totalFen ?? -1);
      }),
    );
  });
});
