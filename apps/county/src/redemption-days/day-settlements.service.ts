import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { settle } from '#libs/ledger';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff } from '#libs/staff';
import { EntryActs } from '../ledger/entry-acts.service.js';
import { closeLedgerAt } from '../ledger/ledger-clock.js';
import { LedgerSchemes } from '../ledger/ledger-schemes.js';
import { refuseOutside } from '../redemption/scheme-scope.js';
import type { SchemeBook } from '../schemes/scheme-book.js';
import { walletLines } from '../wallets/wallet-lines.js';
import { dayInScope, type DaySettlement, type RedemptionDay } from './day-rows.js';
import { handlesOf } from './handles-of.js';
import { RedemptionDays } from './redemption-days.service.js';

/** The settlement before a day (清算、核算): nobody left out and no point wrong, or the day does not open. */
@Injectable()
export class DaySettlements {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly acts: EntryActs,
    private readonly days: RedemptionDays,
  ) {}

  /**
   * Holds every wallet of the day's schemes against its postings and against the rules. Before the day is opened it is settled or
   * not by what this finds; later this only tells.
   * @throws GatewayError NOT_FOUND, PLACE_OUT_OF_SCOPE, LEDGER_RULE_UNKNOWN
   */
  settle(id: string, staff: Staff): Promise<DaySettlement> {
    return this.withSettlement(id, staff, async (manager, day, settlement, now) => {
      if (day.state !== 'planned' && day.state !== 'settled') return settlement;
      const state = settlement.differences.length === 0 ? 'settled' : 'planned';
      await manager.query(
        `UPDATE redemption_day SET state = $2, settlement = $3, settled_at = to_timestamp($4), settled_by = $5 WHERE id = $1`,
        [id, state, JSON.stringify(settlement), now, staff.username],
      );
      await this.keep(manager, staff, 'redemption_day.settled', day, settlement);
      return settlement;
    });
  }

  /**
   * Opens a settled day on its own date, or later for what was signed for on paper. Settles once more first, while nobody can
   * record anything: what was settled is what is sold by. A day that is open already stays so.
   * @throws GatewayError NOT_FOUND, PLACE_OUT_OF_SCOPE, DAY_NOT_TODAY before its date, DAY_NOT_SETTLED, REDEMPTION_CLOSED after it
   *   was closed, LEDGER_RULE_UNKNOWN
   */
  open(id: string, staff: Staff): Promise<RedemptionDay> {
    return this.withSettlement(id, staff, async (manager, day, settlement, now) => {
      if (day.state === 'open') return day;
      if (day.state === 'closed') throw new GatewayError('REDEMPTION_CLOSED');
      if (day.on > shanghaiDay(now)) throw new GatewayError('DAY_NOT_TODAY');
      if (day.state === 'planned' || settlement.differences.length > 0) throw new GatewayError('DAY_NOT_SETTLED');
      await manager.query(
        `UPDATE redemption_day SET state = 'open', settlement = $2, opened_at = to_timestamp($3), opened_by = $4 WHERE id = $1`,
        [id, JSON.stringify(settlement), now, staff.username],
      );
      await this.keep(manager, staff, 'redemption_day.opened', day, settlement);
      return { ...day, state: 'open', openedBy: staff.username, settlement };
    });
  }

  private async withSettlement<Answer>(
    id: string,
    staff: Staff,
    work: (manager: EntityManager, day: RedemptionDay, settlement: DaySettlement, now: number) => Promise<Answer>,
  ): Promise<Answer> {
    const scope = await this.days.scopeOf(staff);
    // What is due takes effect before it is counted.
    await this.acts.bringUpToDate();
    return this.database.transaction(async (manager) => {
      const day = await dayInScope(manager, id, scope, 'FOR UPDATE');
      refuseOutside(day.scheme, scope);
      const now = this.clock.now();
      await closeLedgerAt(manager, now);
      return work(manager, day, await settlementOf(manager, day, scope.book), now);
    });
  }

  private async keep(
    manager: EntityManager,
    staff: Staff,
    action: string,
    { id: target, on }: RedemptionDay,
    { subjects, points, differences }: DaySettlement,
  ): Promise<void> {
    const detail = { day: on, subjects, points, differences: differences.length };
    await this.audit.record(manager, { actor: staff.username, action, target, detail });
  }
}

async function settlementOf(
  manager: EntityManager,
  { schemes }: RedemptionDay,
  book: SchemeBook,
): Promise<DaySettlement> {
  const rules = new LedgerSchemes(book);
  let [subjects, points] = [0, 0];
  const differences: DaySettlement['differences'][number][] = [];
  for (const scheme of schemes) {
    const settled = settle(await walletLines(manager, scheme, (entry) => rules.ruleOf(entry)));
    subjects += settled.subjects;
    points += settled.points;
    const handles = await handlesOf(
      manager,
      settled.differences.map(({ subject }) => subject),
    );
    for (const found of settled.differences)
      differences.push({ ...found, scheme, subject: handles.get(found.subject) ?? '' });
  }
  return { subjects, points, differences };
}
