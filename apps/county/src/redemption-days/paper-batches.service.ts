import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock, GatewayError } from '#libs/platform';
import type { Staff } from '#libs/staff';
import { EntryActs } from '../ledger/entry-acts.service.js';
import { type CardCode, CardCodes } from '../redemption/card-codes.service.js';
import { onceUnderKey } from '../redemption/once-under-key.js';
import { type ChargedLine, PaperSales } from '../redemption/paper-sales.service.js';
import { refusal } from '../redemption/scheme-scope.js';
import { subjectsByHandle } from '../subjects/find-subjects.js';
import { dayInScope, type RedemptionDay, schemeOfDay } from './day-rows.js';
import { RedemptionDays } from './redemption-days.service.js';

/** Pieces of one item that somebody signed for on a printed list. */
export interface SignedLine {
  /** Its number on the list; further items of one signature have the same. */
  readonly line: number;
  /** Handle. */
  readonly subject: string;
  readonly sku: string;
  readonly n: number;
  /** Handle of who signed for the subject (代领). */
  readonly collectedBy?: string;
}

export interface SignedBatch {
  /** Idempotency key. */
  readonly key: string;
  /** Whose list; may be left out on a day of one scheme. */
  readonly scheme?: string;
  readonly lines: readonly SignedLine[];
}

export interface BookedLine extends SignedLine {
  /** Id: what comes back is taken back of it. */
  readonly redemption: string;
  readonly points: number;
  /** What of them no balance covers. */
  readonly shortage: number;
  /** One for each piece that is no goods, to be handed to who signed. */
  readonly codes?: readonly CardCode[];
}

/** What was handed out on paper, on a day without network, entered in the evening. */
@Injectable()
export class PaperBatches {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly acts: EntryActs,
    private readonly sales: PaperSales,
    private readonly codes: CardCodes,
    private readonly days: RedemptionDays,
  ) {}

  /**
   * Books the lines of an open day, all or none; a line that was entered before is the same one. What exceeds a balance goes into
   * the shortage register. Whoever repeats the request is told the codes of its cards again.
   * @returns in the order of the lines
   * @throws GatewayError NOT_FOUND, REDEMPTION_CLOSED, ENTRY_SCHEME_UNKNOWN, PLACE_OUT_OF_SCOPE; naming the line: SUBJECT_UNKNOWN,
   *   SUBJECT_NOT_SCORED, SUBJECT_OUTSIDE_SCHEME, ITEM_UNKNOWN, CONFLICT (the subject was absorbed meanwhile), KEY_REUSED (the line, or this item of it, is in the books with other content)
   */
  async book(id: string, batch: SignedBatch, staff: Staff): Promise<readonly BookedLine[]> {
    const scope = await this.days.scopeOf(staff);
    // What has come into effect by now covers what was taken.
    await this.acts.bringUpToDate();
    // The schemes of a day never change.
    const scheme = schemeOfDay(await dayInScope(this.database.manager, id, scope), batch.scheme, scope);
    const content = { day: id, ...batch };
    const request = { key: batch.key, kind: 'paper batch', content, now: this.clock.now(), by: staff.username };
    return this.database.transaction(async (manager) => {
      const { lines } = await onceUnderKey(manager, request, async () => {
        // Alone: two who enter the same list at once do it one after the other.
        const day = await dayInScope(manager, id, scope, 'FOR UPDATE');
        if (day.state !== 'open') throw new GatewayError('REDEMPTION_CLOSED');
        const signed = batch.lines.map(({ line, ...rest }) => ({
          key: `${id}/${scheme}/${line}/${rest.sku}`,
          ...rest,
        }));
        const charged = await this.sales.charge(manager, { scheme, day: id, on: day.on, lines: signed }, scope);
        await keepLines(manager, day, scheme, batch.lines, charged);
        return {
          lines: batch.lines.flatMap((line, at): BookedLine[] => {
            const booked = charged[at];
            return booked === undefined ? [] : [{ ...line, ...booked }];
          }),
        };
      });
      return this.withCodes(manager, lines);
    });
  }

  /** Told again to whoever repeats the request: nothing keeps them. */
  private async withCodes(manager: EntityManager, lines: readonly BookedLine[]): Promise<readonly BookedLine[]> {
    const codes = await this.codes.of(
      manager,
      lines.map(({ redemption }) => redemption),
    );
    return lines.map((line) => {
      const own = codes.get(line.redemption);
      return own === undefined ? line : { ...line, codes: own };
    });
  }
}

/** A signature is one subject's, whatever it is for. */
async function keepLines(
  manager: EntityManager,
  { id }: RedemptionDay,
  scheme: string,
  lines: readonly SignedLine[],
  charged: readonly ChargedLine[],
): Promise<void> {
  const people = await subjectsByHandle(
    manager,
    lines.map(({ subject }) => subject),
  );
  const rows = lines.map(({ line, sku, subject }, at) => {
    const { redemption, shortage } = charged[at] ?? {};
    return { line, sku, subject: people.get(subject)?.id, redemption, shortage };
  });
  await manager.query(
    `INSERT INTO redemption_day_line (day_id, scheme_id, line, sku, subject_id, redemption_id, shortage)
    SELECT $1, $2, line, sku, subject, redemption, shortage
    FROM jsonb_to_recordset($3) AS row (line integer, sku text, subject uuid, redemption uuid, shortage bigint)
    ON CONFLICT DO NOTHING`,
    [id, scheme, JSON.stringify(rows)],
  );
  const known = await manager.query<readonly { readonly line: number; readonly subject: string }[]>(
    `SELECT DISTINCT line, survivor_of(subject_id) AS subject FROM redemption_day_line
    WHERE day_id = $1 AND scheme_id = $2 AND line = ANY($3)`,
    [id, scheme, lines.map(({ line }) => line)],
  );
  const other = rows.findIndex(({ line, subject }) =>
    known.some((there) => there.line === line && there.subject !== subject),
  );
  if (other !== -1) throw refusal('KEY_REUSED', `/lines/${other}`);
}
