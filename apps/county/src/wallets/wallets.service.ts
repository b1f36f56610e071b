import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { bookDifference, movedWallet, spendPoints, type WalletMove, type WalletState } from '#libs/ledger';
import { Clock, GatewayError } from '#libs/platform';
import { openRecording } from '../ledger/ledger-clock.js';
import { lockWallets, post, type PostingCause, stateOf, walletKey, type WalletName } from './lock-wallets.js';

/** One change of one wallet that is not an entry's. */
export interface WalletChange extends WalletName {
  /** Whole points, at least 0. */
  readonly points: number;
  readonly cause: Exclude<PostingCause, 'entry'>;
  /** Idempotency key: the same change under it happens once per wallet. */
  readonly key: string;
  readonly actor: string;
  readonly reason?: string;
}

interface PostedRow {
  /** Bigints, as text. */
  readonly points: string;
  readonly shortage: string;
  readonly cause: string;
}

/**
 * What subjects may spend. Every change runs inside the caller's transaction and holds the wallet's lock until it ends; whoever
 * changes several wallets locks them together first (`lockWallets`), and after that stock and funds.
 */
@Injectable()
export class Wallets {
  constructor(private readonly clock: Clock) {}

  /**
   * Debits what the subject chose to spend, in full or not at all.
   * @returns the wallet afterwards; under a key that was used before, unchanged
   * @throws GatewayError WALLET_INSUFFICIENT, POSTING_DIFFERS
   */
  spend(manager: EntityManager, change: WalletChange): Promise<WalletState> {
    return this.change(manager, change, (wallet) => {
      const move = spendPoints(wallet, change.points);
      if (!move.ok) throw new GatewayError(move.fault);
      return move.value;
    });
  }

  /**
   * Debits what was handed out already, say on paper: what exceeds the balance goes into the shortage register.
   * @throws GatewayError POSTING_DIFFERS
   */
  charge(manager: EntityManager, change: WalletChange): Promise<WalletState> {
    return this.change(manager, change, (wallet) => bookDifference(wallet, 0 - change.points));
  }

  /**
   * Credits what comes back or comes in: an open shortage is made good before anything can be spent.
   * @throws GatewayError POSTING_DIFFERS
   */
  credit(manager: EntityManager, change: WalletChange): Promise<WalletState> {
    return this.change(manager, change, (wallet) => bookDifference(wallet, change.points));
  }

  /** A wallet as it is now, without a lock; empty where there is none. */
  async read(manager: EntityManager, { scheme, subject }: WalletName): Promise<WalletState> {
    const [row] = await manager.query<readonly { readonly balance: string; readonly shortage: string }[]>(
      'SELECT balance, shortage FROM wallet WHERE scheme_id = $1 AND subject_id = $2',
      [scheme, subject],
    );
    return row === undefined ? { balance: 0, shortage: 0 } : stateOf(row);
  }

  /** Makes one change under its key, or finds that it was made. */
  async change(
    manager: EntityManager,
    { key, cause, reason, actor, points, scheme, subject }: WalletChange,
    moveOf: (wallet: WalletState) => WalletMove,
  ): Promise<WalletState> {
    const at = await openRecording(manager, this.clock.now());
    const name = { scheme, subject };
    const wallet = (await lockWallets(manager, [name])).get(walletKey(name)) ?? { balance: 0, shortage: 0 };
    const [posted] = await manager.query<readonly PostedRow[]>(
      "SELECT points, shortage, cause FROM posting WHERE scheme_id = $1 AND subject_id = $2 AND key = $3 AND cause <> 'entry'",
      [scheme, subject, key],
    );
    if (posted !== undefined) {
      const size = Math.abs(Number(posted.points) - Number(posted.shortage));
      if (posted.cause !== cause || size !== points) throw new GatewayError('POSTING_DIFFERS');
      return wallet;
    }
    const move = moveOf(wallet);
    await post(manager, [{ ...name, ...move, cause, key, ...(reason === undefined ? {} : { reason }) }], { at, actor });
    return movedWallet(wallet, move);
  }
}
