/** One subject's wallet under one scheme, as five sums over the ledger's own tables. Whole points. */
export interface WalletLine {
  readonly subject: string;
  /** As the wallet says. */
  readonly balance: number;
  /** Open in the shortage register. */
  readonly shortage: number;
  /** The sum of all postings. */
  readonly posted: number;
  /** What the rules make of the entries that count: the sum of the totals of all rules. */
  readonly earned: number;
  /** What was redeemed, less returns, and what left the wallet for another, less what came from one. */
  readonly spent: number;
  /** Shortages the manager has written off. */
  readonly waived: number;
}

export type SettlementFault = 'WALLET_BELOW_ZERO' | 'WALLET_NOT_POSTED' | 'WALLET_NOT_EARNED';

export interface SettlementDifference {
  readonly subject: string;
  readonly code: SettlementFault;
  /** What is there less what should be, in points. */
  readonly difference: number;
}

export interface Settlement {
  readonly subjects: number;
  /** What all of them together can spend. */
  readonly points: number;
  /** Empty: settled, nobody left out and no point wrong (不漏一人、不差一分). */
  readonly differences: readonly SettlementDifference[];
}

/**
 * The settlement before a redemption day (清算、核算; F12): every balance is the sum of its postings, and what the rules say
 * less what was spent. Names every wallet that is not, and by how much.
 */
export function settle(lines: readonly WalletLine[]): Settlement {
  return {
    subjects: lines.length,
    points: lines.reduce((sum, { balance }) => sum + balance, 0),
    differences: lines.flatMap(differencesOf),
  };
}

function differencesOf(line: WalletLine): readonly SettlementDifference[] {
  const { subject, balance, shortage, posted, earned, spent, waived } = line;
  const found: readonly (readonly [SettlementFault, number])[] = [
    ['WALLET_BELOW_ZERO', Math.min(balance, shortage, 0)],
    ['WALLET_NOT_POSTED', balance - posted],
    ['WALLET_NOT_EARNED', balance - shortage - (earned - spent + waived)],
  ];
  return found.flatMap(([code, difference]) => (difference === 0 ? [] : [{ subject, code, difference }]));
}
