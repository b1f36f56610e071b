import { fail, pass, type Result } from '#libs/jose-profile';

/**
 * What a subject may spend under one scheme, and what was taken back after it had been spent. Whole points, neither below
 * zero, never both above it: a shortage is made good by the next points that come in.
 */
export interface WalletState {
  readonly balance: number;
  /** Open in the shortage register. */
  readonly shortage: number;
}

/** Both sides of one change; the balance stays the sum of its postings. */
export interface WalletMove {
  /** To be posted to the wallet; 0 posts nothing. */
  readonly posting: number;
  /** To be added to the shortage register (negative: made good); 0 enters nothing. */
  readonly shortage: number;
}

/**
 * Books a difference that is not the subject's choice: the total of a rule before and after an entry took effect or was
 * taken back, or a paper debit handed in late. What a decrease exceeds the balance by becomes a shortage; an increase makes
 * an open shortage good before it can be spent.
 * @param points whole points, of either sign
 * @throws RangeError for a wallet or points that are no whole numbers, or a wallet that cannot be
 */
export function bookDifference({ balance, shortage }: WalletState, points: number): WalletMove {
  const isSound = balance >= 0 && shortage >= 0 && (balance === 0 || shortage === 0);
  const net = balance - shortage + points;
  if (!isSound || ![balance, shortage, points, net].every(Number.isSafeInteger))
    throw new RangeError('a wallet is whole points, not below zero, and not both full and short');
  return { posting: Math.max(0, net) - balance, shortage: Math.max(0, -net) - shortage };
}

/** A debit that is the subject's choice: in full, or refused (never below zero). `price` is whole points, at least 0. */
export function spendPoints({ balance }: WalletState, price: number): Result<WalletMove, 'WALLET_INSUFFICIENT'> {
  if (!Number.isSafeInteger(price) || price < 0) throw new RangeError('a price is whole points, not below zero');
  return price <= balance ? pass({ posting: 0 - price, shortage: 0 }) : fail('WALLET_INSUFFICIENT');
}

/** The wallet after a move. */
export function movedWallet({ balance, shortage }: WalletState, move: WalletMove): WalletState {
  return { balance: balance + move.posting, shortage: shortage + move.shortage };
}
