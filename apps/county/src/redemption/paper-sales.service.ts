import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { bookDifference, movedWallet, type WalletMove } from '#libs/ledger';
import { Clock } from '#libs/platform';
import { AuditTrail, staffCovers } from '#libs/staff';
import { openRecording } from '../ledger/ledger-clock.js';
import { lockSubjects, subjectsByHandle } from '../subjects/find-subjects.js';
import type { SubjectEntity } from '../subjects/subject.entity.js';
import { lockWallets, post, walletKey } from '../wallets/lock-wallets.js';
import { CardCodes } from './card-codes.service.js';
import { keepRedemptions, pointsFor, type Taken } from './keep-redemptions.js';
import { lockStock, moveStock, stockKey, type StockMove } from './lock-stock.js';
import { refusal, refuseOutside, type Scope } from './scheme-scope.js';
import { itemOf, termsOn } from './shop-terms.js';

/** One signature on a pick list: something that was handed out already. */
export interface PaperLine {
  /** Names the line for ever: the same one again is the same. */
  readonly key: string;
  /** Handle. */
  readonly subject: string;
  readonly sku: string;
  /** Pieces. */
  readonly n: number;
  /** Handle of who signed for the subject (代领). */
  readonly collectedBy?: string;
}

export interface PaperBatch {
  /** Whose shop, and whose wallets. */
  readonly scheme: string;
  /** Id of the redemption day, and the day itself: its prices count. */
  readonly day: string;
  readonly on: string;
  readonly lines: readonly PaperLine[];
}

export interface ChargedLine {
  readonly redemption: string;
  readonly points: number;
  /** What of them went into the shortage register. */
  readonly shortage: number;
}

interface KnownLine extends ChargedLine {
  readonly key: string;
  readonly subject: string;
  readonly collectedBy: string | null;
  readonly scheme: string;
  readonly day: string;
  readonly sku: string;
  readonly n: number;
}

/**
 * What was handed out on paper comes into the books afterwards, as it happened: beyond the balance it goes into the shortage
 * register. A shelf is not below zero; what it lacks shows when it is counted.
 */
@Injectable()
export class PaperSales {
  constructor(
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly codes: CardCodes,
  ) {}

  /**
   * Books the lines of a pick list in the caller's transaction, all or none. List, limit and household are not asked: it has
   * happened. Takes the locks of subjects, wallets and stock.
   * @returns in the order of the lines
   * @throws GatewayError naming the line (`/lines/0/sku`): ENTRY_SCHEME_UNKNOWN, PLACE_OUT_OF_SCOPE, REDEMPTION_CLOSED (no version in
   *   effect on the day), ITEM_UNKNOWN, SUBJECT_UNKNOWN, SUBJECT_NOT_SCORED, SUBJECT_OUTSIDE_SCHEME, KEY_REUSED (the line says
   *   something else than before), CONFLICT (the subject was absorbed meanwhile)
   */
  async charge(manager: EntityManager, batch: PaperBatch, scope: Scope): Promise<readonly ChargedLine[]> {
    refuseOutside(batch.scheme, scope);
    const lines = await readLines(manager, batch, scope);
    const locked = await lockSubjects(
      manager,
      lines.map(({ subject }) => subject),
    );
    // Absorbed just now: asked again, it is found.
    const absorbed = lines.findIndex(({ subject }) => locked.get(subject)?.mergedInto !== null);
    if (absorbed !== -1) throw refusal('CONFLICT', `/lines/${absorbed}/subject`);
    const known = await knownLines(manager, lines);
    const fresh = freshOf(lines, known);
    const booked = await this.book(manager, batch.scheme, fresh, scope);
    return lines.flatMap(({ key }) => known.get(key) ?? booked.get(key) ?? []).map(chargedLine);
  }

  private async book(
    manager: EntityManager,
    scheme: string,
    fresh: ReadonlyMap<string, Taken>,
    { staff: { username: actor } }: Scope,
  ): Promise<ReadonlyMap<string, ChargedLine>> {
    const taken = [...fresh.values()];
    if (taken.length === 0) return new Map();
    const at = await openRecording(manager, this.clock.now());
    const moves = await debit(manager, scheme, taken, { at, actor });
    await takeWhatIsThere(manager, scheme, taken, { at, actor });
    await keepRedemptions(manager, taken, { at, actor });
    for (const each of taken) await this.codes.issue(manager, each);
    const detail = { scheme, lines: taken.length };
    await this.audit.record(manager, { actor, action: 'redemption.from_paper', target: taken[0]?.day ?? '', detail });
    return new Map(
      taken.map(({ key, id: redemption, items }) => {
        return [key, { redemption, points: pointsFor(items), shortage: moves.get(key)?.shortage ?? 0 }];
      }),
    );
  }
}

/** The lines as they are to be kept, each with its item and people. */
async function readLines(
  manager: EntityManager,
  { scheme, day, on, lines }: PaperBatch,
  { book, tree, staff }: Scope,
): Promise<readonly Taken[]> {
  const version = termsOn(book, scheme, on);
  const handles = lines.flatMap(({ subject, collectedBy = subject }) => [subject, collectedBy]);
  const people = await subjectsByHandle(manager, handles);
  const known = (handle: string, path: string): SubjectEntity => {
    const found = people.get(handle);
    if (found === undefined || !staffCovers(staff, found.place, tree)) throw refusal('SUBJECT_UNKNOWN', path);
    return found;
  };
  const facts = { payer: version, shop: version, area: null, day, on, onPaper: true };
  return lines.map(({ key, subject: handle, sku, n, collectedBy }, at) => {
    const item = itemOf(version, sku);
    if (item === undefined) throw refusal('ITEM_UNKNOWN', `/lines/${at}/sku`);
    const path = `/lines/${at}/subject`;
    const subject = known(handle, path);
    // Nobody owes points who could not have earned them: no child, and nobody of another village.
    if (!subject.hasAccount) throw refusal('SUBJECT_NOT_SCORED', path);
    if (!tree.isWithin(subject.place, version.document.place)) throw refusal('SUBJECT_OUTSIDE_SCHEME', path);
    const collector = collectedBy === undefined ? subject : known(collectedBy, `/lines/${at}/collectedBy`);
    // Who signs for their own collects for nobody.
    const proxy = collector.id === subject.id ? null : collector.id;
    return { ...facts, id: randomUUID(), key, subject: subject.id, collectedBy: proxy, items: [{ item, n }] };
  });
}

/** The lines that are not in the books, the first of each key. */
function freshOf(all: readonly Taken[], known: ReadonlyMap<string, KnownLine>): ReadonlyMap<string, Taken> {
  const fresh = new Map<string, Taken>();
  for (const [at, line] of all.entries()) {
    const { key, subject, collectedBy, payer, day, items } = line;
    const same = fresh.get(key);
    const [first, before] = [same?.items[0], items[0]];
    const there =
      known.get(key) ?? (same && { ...same, scheme: same.payer.document.id, sku: first?.item.sku, n: first?.n });
    if (there === undefined) {
      fresh.set(key, line);
      continue;
    }
    const facts = [subject, collectedBy, payer.document.id, day, before?.item.sku, before?.n];
    const then = [there.subject, there.collectedBy, there.scheme, there.day, there.sku, there.n];
    if (JSON.stringify(facts) !== JSON.stringify(then)) throw refusal('KEY_REUSED', `/lines/${at}`);
  }
  return fresh;
}

async function knownLines(manager: EntityManager, all: readonly Taken[]): Promise<ReadonlyMap<string, KnownLine>> {
  const rows = await manager.query<readonly (KnownLine & { readonly points: string; readonly shortage: string })[]>(
    `SELECT redemption.key, redemption.id AS redemption, survivor_of(redemption.subject_id) AS subject,
      nullif(survivor_of(collected_by), survivor_of(redemption.subject_id)) AS "collectedBy",
      redemption.scheme_id AS scheme, day_id AS day, sku, n, redemption.points, coalesce(posting.shortage, 0) AS shortage
    FROM redemption JOIN redemption_line ON redemption_id = redemption.id
    LEFT JOIN posting ON posting.scheme_id = redemption.scheme_id AND posting.subject_id = redemption.subject_id
      AND posting.key = redemption.id::text AND cause = 'redemption'
    WHERE redemption.key = ANY($1)`,
    [all.map(({ key }) => key)],
  );
  return new Map(rows.map((row) => [row.key, { ...row, points: Number(row.points), shortage: Number(row.shortage) }]));
}

async function debit(
  manager: EntityManager,
  scheme: string,
  taken: readonly Taken[],
  recording: { readonly at: number; readonly actor: string },
): Promise<ReadonlyMap<string, WalletMove>> {
  const wallets = await lockWallets(
    manager,
    taken.map(({ subject }) => ({ scheme, subject })),
  );
  const moves = new Map<string, WalletMove>();
  const postings = taken.map(({ id, key, subject, items }) => {
    const name = { scheme, subject };
    const wallet = wallets.get(walletKey(name)) ?? { balance: 0, shortage: 0 };
    const move = bookDifference(wallet, 0 - pointsFor(items));
    wallets.set(walletKey(name), movedWallet(wallet, move));
    moves.set(key, move);
    return { ...name, ...move, cause: 'redemption', key: id } as const;
  });
  await post(manager, postings, recording);
  return moves;
}

async function takeWhatIsThere(
  manager: EntityManager,
  scheme: string,
  taken: readonly Taken[],
  recording: { readonly at: number; readonly actor: string },
): Promise<void> {
  const goods = taken.flatMap(({ id: key, items }) =>
    items.flatMap(({ item: { kind, sku }, n }) => (kind === 'goods' ? [{ scheme, sku, n, key }] : [])),
  );
  const shelf = await lockStock(manager, goods);
  const moves = goods.map(({ n, ...name }): StockMove => {
    const left = shelf.get(stockKey(name)) ?? 0;
    const there = Math.min(n, left);
    shelf.set(stockKey(name), left - there);
    return { ...name, pieces: 0 - there, cause: 'redemption' };
  });
  await moveStock(manager, moves, recording);
}

function chargedLine({ redemption, points, shortage }: ChargedLine): ChargedLine {
  return { redemption, points, shortage };
}
