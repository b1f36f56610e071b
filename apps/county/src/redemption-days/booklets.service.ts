import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock } from '#libs/platform';
import type { Staff } from '#libs/staff';
import { hasEarned } from '../ledger/entry-rows.js';
import { LedgerReader, type ReadLedger, type ReadPosting } from '../ledger/ledger-reader.service.js';
import type { Booklet, BookletLine } from '../printed/booklet.js';
import { printedName } from '../printed/printed-name.js';
import type { SchemeBook } from '../schemes/scheme-book.js';
import { subjectInScope } from '../subjects/find-subjects.js';
import { type RedeemedItem, redeemedBy } from './redeemed-items.js';
import { RedemptionDays } from './redemption-days.service.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The booklet of a subject (兑换本). */
@Injectable()
export class Booklets {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly ledger: LedgerReader,
    private readonly days: RedemptionDays,
  ) {}

  /**
   * Everything that moved a subject's wallet under a scheme, in the order in which it was booked.
   * @param scheme may be left out while the county has just one
   * @throws GatewayError NOT_FOUND, ENTRY_SCHEME_UNKNOWN
   */
  async read(handle: string, scheme: string | undefined, staff: Staff): Promise<Booklet> {
    const { book, tree } = await this.days.scopeOf(staff);
    const subject = await subjectInScope(this.database.manager, handle, staff, tree);
    const ledger = await this.ledger.read(subject.id, scheme);
    const { document } = book.versionsOf(ledger.scheme).at(-1) ?? {};
    const { balance, shortage } = ledger.wallet ?? { balance: 0, shortage: 0 };
    return {
      scheme: document?.name_zh ?? ledger.scheme,
      place: tree.get(subject.place)?.name ?? '',
      name: printedName(subject),
      handle: subject.handle,
      lines: await linesOf(this.database.manager, book, ledger),
      balance,
      shortage,
      printed: { by: staff.displayName, at: this.clock.now() },
    };
  }
}

async function linesOf(
  manager: EntityManager,
  book: SchemeBook,
  { entries, postings }: ReadLedger,
): Promise<readonly BookletLine[]> {
  const earned = new Map(entries.map((entry) => [entry.row.id, entry]));
  const acts = postings.filter(({ cause, key }) => (cause === 'redemption' || cause === 'return') && UUID.test(key));
  const redeemed = new Map<string, RedeemedItem[]>();
  for (const item of await redeemedBy(
    manager,
    book,
    acts.map(({ key }) => key),
  ))
    redeemed.set(item.act, [...(redeemed.get(item.act) ?? []), item]);
  let balance = 0;
  return postings.map((posting) => {
    const { points, at, by } = posting;
    balance += points;
    const what = `${entryText(posting, earned.get(posting.key)) ?? redeemedText(posting, redeemed.get(posting.key))}${shortText(posting)}`;
    return { on: shanghaiDay(at), what, points, balance, by };
  });
}

function entryText(
  { cause, points }: ReadPosting,
  entry: ReadLedger['entries'][number] | undefined,
): string | undefined {
  if (cause !== 'entry') return undefined;
  if (entry === undefined) return '账户合并';
  const { row, ruleLabel } = entry;
  return `${points < 0 && !hasEarned(row) ? '扣回：' : ''}${ruleLabel}（${row.occurredOn}）`;
}

const CAUSES: Readonly<Record<string, string>> = {
  redemption: '兑换',
  return: '退回',
  transfer: '转账',
  shortage_settled: '欠分核销',
  merge: '账户合并',
};

function redeemedText({ cause, reason }: ReadPosting, items: readonly RedeemedItem[] = []): string {
  const list = items.map(({ label, n }) => `${label}×${Math.abs(n)}`).join('、');
  const { collectedBy = null, paperLine = null } = items[0] ?? {};
  const notes = [...(collectedBy === null ? [] : ['代领']), ...(paperLine === null ? [] : [`签领单第${paperLine}行`])];
  const text = [CAUSES[cause] ?? cause, ...(list === '' ? [] : [list]), ...(reason === null ? [] : [reason])].join(
    '：',
  );
  return notes.length === 0 ? text : `${text}（${notes.join('，')}）`;
}

/** What went into the shortage register beside, or was made good in it. */
function shortText({ cause, shortage }: ReadPosting): string {
  if (shortage === 0) return '';
  return shortage > 0 ? `，欠${shortage}分` : `，${cause === 'shortage_settled' ? '核销' : '抵'}欠分${-shortage}分`;
}
