import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff } from '#libs/staff';
import type { PlaceTree } from '../places/place-tree.js';
import { Places } from '../places/places.service.js';
import { onceUnderKey } from '../redemption/once-under-key.js';
import { coversScheme, refusal, refuseOutside, type Scope } from '../redemption/scheme-scope.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import { dayInScope, daysOf, type RedemptionDay } from './day-rows.js';
import { type Invitation, invitedBy } from './invite.js';
import { handlesWithin, ownPartOf } from './own-part-of.js';
import { schemesOfDay } from './schemes-of-day.js';

/** A redemption day as it is planned. */
export interface PlannedDay {
  /** Idempotency key. */
  readonly key: string;
  /** Id of a scheme; of a parent, for all that share its calendar. */
  readonly scheme: string;
  /** `YYYY-MM-DD`, Asia/Shanghai. */
  readonly day: string;
  readonly title: string;
  /** Left out where everybody is welcome. */
  readonly invited?: Invitation;
}

export interface PlannedAnswer {
  /** Id. */
  readonly day: string;
  readonly schemes: readonly string[];
  readonly invited: number | null;
}

/** With the county's own places. */
export interface DayScope extends Scope {
  readonly tree: PlaceTree;
}

/** Most days that one answer lists, the latest first. */
const LISTED = 100;

/** The calendar of redemption days (集中兑换日), and who is invited to them. */
@Injectable()
export class RedemptionDays {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
  ) {}

  async scopeOf(staff: Staff): Promise<DayScope> {
    const [book, tree] = await Promise.all([this.schemes.book(), this.places.tree()]);
    return { book, tree, staff };
  }

  /**
   * Puts a day into the calendar, once per key.
   * @throws GatewayError ENTRY_SCHEME_UNKNOWN, PLACE_OUT_OF_SCOPE, DAY_WITHOUT_SHOP, BODY_INVALID for a day that is over, KEY_REUSED,
   *   and those of `invitedBy`
   */
  async plan(planned: PlannedDay, staff: Staff): Promise<PlannedAnswer> {
    const { key, scheme, day: on, title, invited } = planned;
    const scope = await this.scopeOf(staff);
    refuseOutside(scheme, scope);
    const [now, by] = [this.clock.now(), staff.username];
    return this.database.transaction((manager) =>
      onceUnderKey(manager, { key, kind: 'redemption day', content: planned, now, by }, async () => {
        const schemes = schemesOfDay(scope.book, scheme, on);
        if (schemes.length === 0) throw new GatewayError('DAY_WITHOUT_SHOP');
        // Its list, its settlement and its prices are known before anything is handed out.
        if (on < shanghaiDay(now)) throw refusal('BODY_INVALID', '/day');
        const list = invited && (await invitedBy(manager, invited, [scheme, ...schemes], scope));
        const day = randomUUID();
        await manager.query(
          `INSERT INTO redemption_day (id, scheme_id, on_day, title, has_list, planned_at, planned_by)
          VALUES ($1, $2, $3, $4, $5, to_timestamp($6), $7)`,
          [day, scheme, on, title, list !== undefined, now, by],
        );
        await manager.query('INSERT INTO redemption_day_scheme (day_id, scheme_id) SELECT $1, unnest($2::text[])', [
          day,
          schemes,
        ]);
        await manager.query('INSERT INTO redemption_day_invited (day_id, subject_id) SELECT $1, unnest($2::uuid[])', [
          day,
          list ?? [],
        ]);
        const detail = { scheme, day: on, invited: list?.length ?? null, key };
        await this.audit.record(manager, { actor: by, action: 'redemption_day.planned', target: day, detail });
        return { day, schemes, invited: list?.length ?? null };
      }),
    );
  }

  /** The latest days of the schemes in an account's places, or of one of them. */
  async list(scheme: string | undefined, staff: Staff): Promise<readonly RedemptionDay[]> {
    const scope = await this.scopeOf(staff);
    const ids = [...new Set(scope.book.versions.map(({ document }) => document.id))];
    const asked = ids.filter((id) => (scheme === undefined || id === scheme) && coversScheme(id, scope));
    const { manager } = this.database;
    const days = await daysOf(manager, asked, LISTED);
    return Promise.all(days.map((day) => ownPartOf(manager, day, scope)));
  }

  /**
   * One day, with the handles of those on its list who live in the account's places; `null` where everybody is welcome.
   * @throws GatewayError NOT_FOUND
   */
  async show(
    id: string,
    staff: Staff,
  ): Promise<{ readonly day: RedemptionDay; readonly list: readonly string[] | null }> {
    const { manager } = this.database;
    const scope = await this.scopeOf(staff);
    const day = await ownPartOf(manager, await dayInScope(manager, id, scope), scope);
    if (day.invited === null) return { day, list: null };
    const rows = await this.database.query<readonly { readonly handle: string }[]>(
      `SELECT DISTINCT handle COLLATE "C" AS handle FROM redemption_day_invited
      JOIN subject ON subject.id = survivor_of(subject_id) WHERE day_id = $1 ORDER BY handle`,
      [id],
    );
    const handles = rows.map(({ handle }) => handle);
    return { day, list: await handlesWithin(manager, handles, scope) };
  }
}
