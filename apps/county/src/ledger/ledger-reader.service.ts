import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock } from '#libs/platform';
import { CountySchemes } from '../schemes/county-schemes.js';
import { stateOf } from '../wallets/lock-wallets.js';
import { pointsByEntry } from '../wallets/rule-totals.js';
import { declaration, type LedgerStep, stepsOf } from './entry-cases.js';
import { EntryActs } from './entry-acts.service.js';
import { asPoints, ENTRY_COLUMNS, type EntryRow, hasEarned } from './entry-rows.js';
import { LedgerSchemes } from './ledger-schemes.js';

export interface ReadEntry {
  readonly row: EntryRow;
  /** The rule in the words of the scheme document. */
  readonly ruleLabel: string;
  /** What it adds to the total of its rule in its year; 0 while it does not count. */
  readonly points: number;
  readonly steps: readonly LedgerStep[];
}

export interface ReadPosting {
  readonly points: number;
  readonly shortage: number;
  readonly cause: string;
  readonly key: string;
  /** Unix seconds. */
  readonly at: number;
  readonly by: string;
  readonly reason: string | null;
}

export interface ReadLedger {
  readonly scheme: string;
  /** What all entries together have earned. */
  readonly points: number;
  /** `undefined` under a scheme without exchange. */
  readonly wallet: { readonly balance: number; readonly shortage: number } | undefined;
  readonly entries: readonly ReadEntry[];
  readonly postings: readonly ReadPosting[];
}

/** One subject's ledger under one scheme, as it stands today. */
@Injectable()
export class LedgerReader {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly schemes: CountySchemes,
    private readonly acts: EntryActs,
  ) {}

  /**
   * @param scheme may be left out while the county has just one
   * @throws GatewayError ENTRY_SCHEME_UNKNOWN
   */
  async read(subject: string, scheme: string | undefined): Promise<ReadLedger> {
    const schemes = new LedgerSchemes(await this.schemes.book());
    const id = schemes.named(scheme);
    await this.acts.bringUpToDate();
    // One snapshot: wallet, postings and entries agree.
    return this.database.transaction('REPEATABLE READ', async (manager) => {
      const rows = await manager.query<readonly EntryRow[]>(
        `SELECT ${ENTRY_COLUMNS} FROM ledger_entry AS entry WHERE entry.subject_id = $1 AND entry.scheme_id = $2
        ORDER BY entry.occurred_on, entry.id COLLATE "C"`,
        [subject, id],
      );
      const entries = await entriesOf(manager, rows, schemes);
      const points = entries.reduce((sum, entry) => sum + entry.points, 0);
      const postings = await postingsOf(manager, subject, id);
      return { scheme: id, points, wallet: await this.walletOf(manager, subject, id, schemes), entries, postings };
    });
  }

  private async walletOf(
    manager: EntityManager,
    subject: string,
    scheme: string,
    schemes: LedgerSchemes,
  ): Promise<ReadLedger['wallet']> {
    const [row] = await manager.query<readonly { readonly balance: string; readonly shortage: string }[]>(
      'SELECT balance, shortage FROM wallet WHERE scheme_id = $1 AND subject_id = $2',
      [scheme, subject],
    );
    if (row !== undefined) return stateOf(row);
    const version = schemes.inForce(scheme, shanghaiDay(this.clock.now()));
    return version === undefined || version.document.balance === 'none' ? undefined : { balance: 0, shortage: 0 };
  }
}

async function entriesOf(
  manager: EntityManager,
  rows: readonly EntryRow[],
  schemes: LedgerSchemes,
): Promise<readonly ReadEntry[]> {
  const steps = await stepsOf(
    manager,
    rows.map(({ id, creditOf }) => creditOf ?? id),
  );
  const points = pointsByEntry(rows.filter(hasEarned).map(asPoints), (entry) => schemes.ruleOf(entry));
  return rows.map((row) => ({
    row,
    ruleLabel: schemes.ruleOf(row).label_zh,
    points: points.get(row.id) ?? 0,
    steps: [declaration(row), ...(steps.get(row.creditOf ?? row.id) ?? [])],
  }));
}

interface PostingRow extends Omit<ReadPosting, 'points' | 'shortage'> {
  /** Bigints, as text. */
  readonly points: string;
  readonly shortage: string;
}

async function postingsOf(manager: EntityManager, subject: string, scheme: string): Promise<readonly ReadPosting[]> {
  const rows = await manager.query<readonly PostingRow[]>(
    `SELECT points, shortage, cause, key, extract(epoch FROM posted_at)::float8 AS at, posted_by AS by, reason
    FROM posting WHERE scheme_id = $1 AND subject_id = $2 ORDER BY id`,
    [scheme, subject],
  );
  return rows.map((row) => ({ ...row, points: Number(row.points), shortage: Number(row.shortage) }));
}
