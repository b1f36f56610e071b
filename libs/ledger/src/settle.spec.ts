import { describe, expect, it } from '@jest/globals';
import { settle, type WalletLine } from './index.js';

const sound: WalletLine = { subject: 'p', balance: 40, shortage: 0, posted: 40, earned: 100, spent: 60, waived: 0 };

describe('the settlement before a redemption day (F12: 不漏一人、不差一分)', () => {
  it('ends in zero difference, and says how many can spend how much', () => {
    const short = { subject: 'q', balance: 0, shortage: 5, posted: 0, earned: 10, spent: 18, waived: 3 };
    expect(settle([sound, short])).toEqual({ subjects: 2, points: 40, differences: [] });
    expect(settle([])).toEqual({ subjects: 0, points: 0, differences: [] });
  });

  it.each<readonly [Partial<WalletLine>, readonly unknown[]]>([
    [{ posted: 41 }, [{ subject: 'p', code: 'WALLET_NOT_POSTED', difference: -1 }]],
    [{ earned: 99 }, [{ subject: 'p', code: 'WALLET_NOT_EARNED', difference: 1 }]],
    [{ spent: 59 }, [{ subject: 'p', code: 'WALLET_NOT_EARNED', difference: -1 }]],
    [{ shortage: 2 }, [{ subject: 'p', code: 'WALLET_NOT_EARNED', difference: -2 }]],
    [{ waived: 2 }, [{ subject: 'p', code: 'WALLET_NOT_EARNED', difference: -2 }]],
    [{ balance: -1, posted: -1, earned: 59 }, [{ subject: 'p', code: 'WALLET_BELOW_ZERO', difference: -1 }]],
  ])('names the wallet that is wrong by %j', (change, differences) => {
    expect(settle([sound, { ...sound, ...change }]).differences).toEqual(differences);
  });
});
