import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '#libs/platform';
import type { Staff } from '#libs/staff';
import { EntryActs } from '../ledger/entry-acts.service.js';
import type { PickList } from '../printed/pick-list.js';
import { type Named, printedName } from '../printed/printed-name.js';
import { termsOn } from '../redemption/shop-terms.js';
import { dayInScope, type RedemptionDay, schemeOfDay } from './day-rows.js';
import { RedemptionDays } from './redemption-days.service.js';

/** What hangs in the shop, or lies on its counter, on a day without network. */
@Injectable()
export class PickLists {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly acts: EntryActs,
    private readonly days: RedemptionDays,
  ) {}

  /**
   * Those on the list of a day who belong to one of its schemes, else everybody with points to spend there; by their balance as it
   * is now and the prices of the day.
   * @param named may be left out on a day of one scheme
   * @throws GatewayError NOT_FOUND, ENTRY_SCHEME_UNKNOWN, PLACE_OUT_OF_SCOPE, REDEMPTION_CLOSED where no version is in effect on the day
   */
  async read(id: string, named: string | undefined, staff: Staff): Promise<PickList> {
    const scope = await this.days.scopeOf(staff);
    const { manager } = this.database;
    const day = await dayInScope(manager, id, scope);
    const scheme = schemeOfDay(day, named, scope);
    const { document } = termsOn(scope.book, scheme, day.on);
    await this.acts.bringUpToDate();
    const people = await peopleOf(manager, day, scheme, scope.tree.within(document.place));
    return {
      scheme: document.name_zh,
      title: day.title,
      on: day.on,
      isSettled: day.state !== 'planned',
      items: (document.catalogue ?? []).map(({ label_zh: label, price_points: price }) => ({ label, price })),
      people: people.map(({ handle, balance, ...name }) => ({
        name: printedName(name),
        handle,
        balance: Number(balance),
      })),
      hasProxy: document.redemption?.proxy === true,
      printed: { by: staff.displayName, at: this.clock.now() },
    };
  }
}

interface PersonRow extends Named {
  readonly handle: string;
  /** A bigint, as text. */
  readonly balance: string;
}

function peopleOf(
  manager: EntityManager,
  { id, invited }: RedemptionDay,
  scheme: string,
  places: readonly string[],
): Promise<readonly PersonRow[]> {
  const listed = `SELECT DISTINCT survivor_of(subject_id) AS id FROM redemption_day_invited WHERE day_id = $2`;
  const everybody = 'SELECT subject_id AS id FROM wallet WHERE scheme_id = $1 AND balance > 0 AND $2::uuid IS NOT NULL';
  return manager.query(
    `SELECT subject.handle, subject.kind, subject.name, subject.door_number AS "doorNumber", coalesce(wallet.balance, 0) AS balance
    FROM (${invited === null ? everybody : listed}) AS shown
    JOIN subject ON subject.id = shown.id
    LEFT JOIN wallet ON wallet.scheme_id = $1 AND wallet.subject_id = subject.id
    WHERE subject.ended_on IS NULL AND (wallet.scheme_id IS NOT NULL OR subject.place = ANY($3))
    ORDER BY subject.handle COLLATE "C"`,
    [scheme, id, places],
  );
}
