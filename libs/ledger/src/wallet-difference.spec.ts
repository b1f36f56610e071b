import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bookDifference, movedWallet, settle, spendPoints, type WalletMove, type WalletState } from './index.js';

const EMPTY: WalletState = { balance: 0, shortage: 0 };

describe('a wallet', () => {
  it('puts what a decrease takes beyond the balance into the shortage register', () => {
    expect(bookDifference({ balance: 12, shortage: 0 }, -20)).toEqual({ posting: -12, shortage: 8 });
    expect(bookDifference({ balance: 12, shortage: 0 }, -12)).toEqual({ posting: -12, shortage: 0 });
    expect(bookDifference({ balance: 0, shortage: 8 }, -2)).toEqual({ posting: 0, shortage: 2 });
  });

  it('makes a shortage good before points can be spent', () => {
    expect(bookDifference({ balance: 0, shortage: 8 }, 5)).toEqual({ posting: 0, shortage: -5 });
    expect(bookDifference({ balance: 0, shortage: 8 }, 13)).toEqual({ posting: 5, shortage: -8 });
  });

  it('refuses a debit beyond the balance (F11)', () => {
    expect(spendPoints({ balance: 59, shortage: 0 }, 60)).toEqual({ ok: false, fault: 'WALLET_INSUFFICIENT' });
    expect(spendPoints({ balance: 60, shortage: 0 }, 60)).toEqual({ ok: true, value: { posting: -60, shortage: 0 } });
    for (const price of [-1, 0.5, Number.NaN]) expect(() => spendPoints(EMPTY, price)).toThrow(RangeError);
  });

  it.each([
    [{ balance: -1, shortage: 0 }, 1],
    [{ balance: 1, shortage: 1 }, 1],
    [{ balance: 0.5, shortage: 0 }, 1],
    [{ balance: 1, shortage: 0 }, Number.NaN],
    [{ balance: Number.MAX_SAFE_INTEGER, shortage: 0 }, 1],
  ])('that cannot be is not booked on: %j %p', (wallet, points) => {
    expect(() => bookDifference(wallet, points)).toThrow(RangeError);
  });
});

/** A rule with a cap: the shape of total that reversals disturb most. */
const CAP = 20;
const ruleTotal = (points: readonly number[]): number =>
  Math.min(
    CAP,
    Math.max(
      -CAP,
      points.reduce((sum, one) => sum + one, 0),
    ),
  );

type Command =
  | { readonly kind: 'effect'; readonly points: number }
  | { readonly kind: 'reverse'; readonly at: number }
  | { readonly kind: 'spend' | 'paper'; readonly points: number }
  | { readonly kind: 'waive' };

const commands = fc.array(
  fc.oneof<fc.Arbitrary<Command>[]>(
    fc.record({ kind: fc.constant('effect'), points: fc.integer({ min: -15, max: 15 }) }),
    fc.record({ kind: fc.constant('reverse'), at: fc.nat(9) }),
    fc.record({ kind: fc.constantFrom('spend', 'paper'), points: fc.nat(12) }),
    fc.record({ kind: fc.constant('waive') }),
  ),
  { maxLength: 40 },
);

describe('whatever is earned, taken back and spent, in whatever order (property)', () => {
  it('the balance is the sum of its postings, never below zero, and what the rules say less what was spent', () => {
    let [shortages, lies] = [0, 0];
    fc.assert(
      fc.property(commands, (all) => {
        const counting: number[] = [];
        const postings: number[] = [];
        let [wallet, spent, waived] = [EMPTY, 0, 0];
        const book = (move: WalletMove): void => {
          postings.push(move.posting);
          wallet = movedWallet(wallet, move);
        };
        const change = (apply: () => void): void => {
          const before = ruleTotal(counting);
          apply();
          book(bookDifference(wallet, ruleTotal(counting) - before));
        };
        for (const command of all) {
          if (command.kind === 'effect') change(() => counting.push(command.points));
          if (command.kind === 'reverse') change(() => counting.splice(command.at, 1));
          if (command.kind === 'paper') {
            book(bookDifference(wallet, 0 - command.points));
            spent += command.points;
          }
          if (command.kind === 'spend') {
            const move = spendPoints(wallet, command.points);
            if (move.ok !== command.points <= wallet.balance) lies += 1;
            if (move.ok) book(move.value);
            if (move.ok) spent += command.points;
          }
          if (command.kind === 'waive') {
            waived += wallet.shortage;
            wallet = { ...wallet, shortage: 0 };
          }
          if (wallet.shortage > 0) shortages += 1;
          expect(wallet.balance).toBeGreaterThanOrEqual(0);
          expect(wallet.balance === 0 || wallet.shortage === 0).toBe(true);
          const posted = postings.reduce((sum, one) => sum + one, 0);
          const line = { subject: 'p', ...wallet, posted, earned: ruleTotal(counting), spent, waived };
          expect(settle([line]).differences).toEqual([]);
        }
      }),
    );
    expect(shortages).toBeGreaterThan(0);
    expect(lies).toBe(0);
  });

  it('taking back what was just booked restores the wallet, unless it was spent meanwhile', () => {
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }), (start, points) => {
        const wallet = movedWallet(EMPTY, bookDifference(EMPTY, start));
        const there = movedWallet(wallet, bookDifference(wallet, points));
        expect(movedWallet(there, bookDifference(there, 0 - points))).toEqual(wallet);
      }),
    );
  });
});
