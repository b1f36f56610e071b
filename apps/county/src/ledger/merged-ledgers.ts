import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { bookDifference, movedWallet, type WalletState } from '#libs/ledger';
import { Clock, GatewayError } from '#libs/platform';
import { CountySchemes } from '../schemes/county-schemes.js';
import { type MergeListener, Merges, type SubjectMerge } from '../subjects/merges.service.js';
import { lockWallets, post, type Posting, walletKey } from '../wallets/lock-wallets.js';
import { pointsOf } from '../wallets/rule-totals.js';
import { asPoints, EARNED_STATES, ENTRY_COLUMNS, type EntryRow } from './entry-rows.js';
import { openRecording } from './ledger-clock.js';
import { LedgerSchemes } from './ledger-schemes.js';

/** When two subjects turn out to be one, the survivor has done what both did, and has spent what both spent. */
@Injectable()
export class MergedLedgers implements OnModuleInit, MergeListener {
  constructor(
    private readonly clock: Clock,
    private readonly schemes: CountySchemes,
    private readonly merges: Merges,
  ) {}

  onModuleInit(): void {
    this.merges.subscribe(this);
  }

  async merged(manager: EntityManager, merge: SubjectMerge): Promise<void> {
    const at = await openRecording(manager, this.clock.now());
    const schemes = new LedgerSchemes(await this.schemes.bookIn(manager));
    const { absorbed, survivor } = merge;
    await manager.query(
      'SELECT FROM ledger_entry WHERE subject_id = ANY($1) ORDER BY id COLLATE "C" FOR NO KEY UPDATE',
      [[absorbed, survivor]],
    );
    const exchanged = await schemesOf(manager, merge);
    const wallets = await lockWallets(
      manager,
      exchanged.flatMap((scheme) => [absorbed, survivor].map((subject) => ({ scheme, subject }))),
    );
    const before = await earnedBy(manager, [absorbed, survivor]);
    await moveEntries(manager, merge);
    const after = await earnedBy(manager, [survivor]);
    const postings = exchanged.flatMap((scheme) => {
      const points = (rows: readonly EntryRow[], subject: string): number =>
        pointsOf(rows.filter((row) => row.scheme === scheme && row.subject === subject).map(asPoints), (entry) =>
          schemes.ruleOf(entry),
        );
      const earned = points(before, absorbed);
      const state = wallets.get(walletKey({ scheme, subject: absorbed })) ?? { balance: 0, shortage: 0 };
      // What it has spent, taken from what it has: both go over to the survivor, who earns by its own totals.
      const spent = earned - (state.balance - state.shortage);
      const gained = points(after, survivor) - points(before, survivor);
      const target = wallets.get(walletKey({ scheme, subject: survivor })) ?? { balance: 0, shortage: 0 };
      return [
        ...moves({ scheme, subject: absorbed }, state, [-earned, spent], merge),
        ...moves({ scheme, subject: survivor }, target, [gained, -spent], merge),
      ];
    });
    await post(manager, postings, { at, actor: 'system:merge' });
  }

  /** Caps and spending of two that have become one cannot be told apart again. */
  async undone(manager: EntityManager, { id, absorbed }: SubjectMerge): Promise<void> {
    const found = await manager.query<unknown[]>(
      `SELECT FROM merged_entry WHERE merge_id = $1 UNION ALL
      SELECT FROM posting WHERE subject_id = $2 AND cause = 'merge' LIMIT 1`,
      [id, absorbed],
    );
    if (found.length > 0) throw new GatewayError('MERGE_NOT_REVERSIBLE');
  }
}

/** The two sides of what a merge changes in one wallet: what is earned, and what was spent. */
function moves(
  name: { readonly scheme: string; readonly subject: string },
  state: WalletState,
  [earned, spent]: readonly [number, number],
  { id }: SubjectMerge,
): readonly Posting[] {
  const first = bookDifference(state, earned);
  const second = bookDifference(movedWallet(state, first), spent);
  return [
    { ...name, ...first, cause: 'entry', key: id },
    { ...name, ...second, cause: 'merge', key: id },
  ];
}

async function schemesOf(manager: EntityManager, { absorbed, survivor }: SubjectMerge): Promise<readonly string[]> {
  const rows = await manager.query<readonly { readonly scheme: string }[]>(
    'SELECT DISTINCT scheme_id AS scheme FROM wallet WHERE subject_id = ANY($1)',
    [[absorbed, survivor]],
  );
  return rows.map(({ scheme }) => scheme);
}

function earnedBy(manager: EntityManager, subjects: readonly string[]): Promise<readonly EntryRow[]> {
  return manager.query(
    `SELECT ${ENTRY_COLUMNS} FROM ledger_entry AS entry
    WHERE entry.subject_id = ANY($1) AND entry.state IN ${EARNED_STATES} AND entry.reverses IS NULL`,
    [subjects],
  );
}

async function moveEntries(manager: EntityManager, { id, absorbed, survivor }: SubjectMerge): Promise<void> {
  await manager.query(
    'INSERT INTO merged_entry (merge_id, entry_id) SELECT $1, id FROM ledger_entry WHERE subject_id = $2',
    [id, absorbed],
  );
  await manager.query('UPDATE ledger_entry SET subject_id = $2 WHERE subject_id = $1', [absorbed, survivor]);
}
