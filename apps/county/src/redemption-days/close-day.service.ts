import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { reconcile, type StockCount } from '#libs/ledger';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff } from '#libs/staff';
import { handOutsOf } from '../redemption/hand-outs.js';
import { onceUnderKey } from '../redemption/once-under-key.js';
import { refusal, refuseOutside, type Scope } from '../redemption/scheme-scope.js';
import { Stock } from '../redemption/stock.service.js';
import { dayInScope, type DayReconciliation, type RedemptionDay, schemeOfDay } from './day-rows.js';
import { handlesOf } from './handles-of.js';
import { RedemptionDays } from './redemption-days.service.js';

/** What somebody found on a shelf after the day. */
export interface ShelfCount {
  /** Whose shelf; may be left out on a day of one scheme. */
  readonly scheme?: string;
  readonly sku: string;
  readonly counted: number;
  readonly reason?: string;
}

interface Shelf extends StockCount {
  readonly scheme: string;
  /** Place of the count in the request. */
  readonly at: number;
  readonly reason?: string;
}

/** The reconciliation after a day: people, points and items held against the list and against the shelves. */
@Injectable()
export class CloseDay {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly stock: Stock,
    private readonly days: RedemptionDays,
  ) {}

  /**
   * Closes an open day, once per key: it waits for the sales under way, and nothing is sold on it afterwards. What was counted is
   * what is on the shelves from then on; every shelf of the day's shops is, where something stood or from which something was taken.
   * @throws GatewayError NOT_FOUND, PLACE_OUT_OF_SCOPE, REDEMPTION_CLOSED (not open), KEY_REUSED; SHELF_NOT_COUNTED naming the
   *   shelves; naming the count: ENTRY_SCHEME_UNKNOWN, ITEM_UNKNOWN, VARIANCE_UNEXPLAINED
   */
  async close(
    id: string,
    { key, counts }: { readonly key: string; readonly counts: readonly ShelfCount[] },
    staff: Staff,
  ): Promise<DayReconciliation> {
    const scope = await this.days.scopeOf(staff);
    refuseOutside((await dayInScope(this.database.manager, id, scope)).scheme, scope);
    const [now, by] = [this.clock.now(), staff.username];
    const request = { key, kind: 'closing', content: { day: id, counts }, now, by };
    return this.database.transaction((manager) =>
      onceUnderKey(manager, request, async () => {
        const day = await dayInScope(manager, id, scope, 'FOR UPDATE');
        if (day.state !== 'open') throw new GatewayError('REDEMPTION_CLOSED');
        const counted = await this.count(manager, day, counts, scope);
        const found = await reconciliationOf(manager, day, counted);
        await manager.query(
          `UPDATE redemption_day SET state = 'closed', reconciliation = $2, closed_at = to_timestamp($3), closed_by = $4
          WHERE id = $1`,
          [id, JSON.stringify(found), now, by],
        );
        const { people, points, items } = found;
        const detail = { day: day.on, people, points, items };
        await this.audit.record(manager, { actor: by, action: 'redemption_day.closed', target: id, detail });
        return found;
      }),
    );
  }

  /** Writes the counts down, in the order in which shelves are locked. */
  private async count(
    manager: EntityManager,
    day: RedemptionDay,
    counts: readonly ShelfCount[],
    scope: Scope,
  ): Promise<readonly Shelf[]> {
    const named = counts.map(({ scheme, ...count }, at) => ({ ...count, at, scheme: shelfOf(day, scheme, at, scope) }));
    const ordered = named.toSorted((one, other) => (shelfKey(one) < shelfKey(other) ? -1 : 1));
    const shelves = new Map<string, Shelf>();
    for (const { at, counted, ...count } of ordered) {
      const key = shelfKey(count);
      if (shelves.has(key)) throw refusal('BODY_INVALID', `/counts/${at}/sku`);
      const { before } = await this.stock
        .countIn(manager, { ...count, counted, key: `${day.id}/${count.sku}` }, scope.staff)
        .catch((fault: unknown) => {
          throw namingCount(fault, at);
        });
      shelves.set(key, { ...count, at, before, after: counted });
    }
    return [...shelves.values()];
  }
}

function shelfKey({ scheme, sku }: { readonly scheme: string; readonly sku: string }): string {
  return `${scheme}\n${sku}`;
}

function shelfOf(day: RedemptionDay, scheme: string | undefined, at: number, scope: Scope): string {
  try {
    return schemeOfDay(day, scheme, scope);
  } catch (fault) {
    throw namingCount(fault, at);
  }
}

/** The same fault, with the place of the count in the request. */
function namingCount(fault: unknown, at: number): unknown {
  if (!(fault instanceof GatewayError) || fault.fields === undefined) return fault;
  const fields = fault.fields.map(({ path, message }) => ({ path: `/counts/${at}${path}`, message }));
  return new GatewayError(fault.code, { cause: fault, fields });
}

async function reconciliationOf(
  manager: EntityManager,
  day: RedemptionDay,
  counted: readonly Shelf[],
): Promise<DayReconciliation> {
  const handOuts = await handOutsOf(manager, day.id);
  const { stock: _none, ...found } = reconcile(handOuts, await invitedTo(manager, day), []);
  const taken = new Set(handOuts.map(shelfKey));
  const shelves = await shelvesOf(manager, day, { counted, taken });
  const stock = day.schemes.flatMap((scheme) => {
    const own = <Row extends { readonly scheme: string }>(rows: readonly Row[]): readonly Row[] =>
      rows.filter((row) => row.scheme === scheme);
    return reconcile(own(handOuts), undefined, own(shelves)).stock.map((row) => ({ scheme, ...row }));
  });
  refuseUnexplained(stock, counted);
  const handles = await handlesOf(manager, [...found.uninvited, ...found.absent]);
  const called = (ids: readonly string[]): readonly string[] => ids.map((id) => handles.get(id) ?? '').toSorted();
  const people = { uninvited: called(found.uninvited), absent: called(found.absent) };
  return { ...found, ...people, stock, shortages: await shortagesOf(manager, day) };
}

/** Who is on the list, by the subjects that they are today. */
async function invitedTo(
  manager: EntityManager,
  { id, invited }: RedemptionDay,
): Promise<readonly string[] | undefined> {
  if (invited === null) return undefined;
  const rows = await manager.query<readonly { readonly subject: string }[]>(
    'SELECT DISTINCT survivor_of(subject_id) AS subject FROM redemption_day_invited WHERE day_id = $1',
    [id],
  );
  return rows.map(({ subject }) => subject);
}

/**
 * What would be on the shelves of the day's shops had the day not been, and what was counted there.
 * @param taken keys of the shelves from which something was handed out, by the register
 * @throws GatewayError SHELF_NOT_COUNTED
 */
async function shelvesOf(
  manager: EntityManager,
  { id, schemes }: RedemptionDay,
  { counted, taken }: { readonly counted: readonly Shelf[]; readonly taken: ReadonlySet<string> },
): Promise<readonly (StockCount & { readonly scheme: string })[]> {
  const rows = await manager.query<readonly ShelfRow[]>(
    `SELECT scheme_id AS scheme, sku, pieces, coalesce((
      SELECT sum(pieces) FROM stock_movement AS movement
      WHERE movement.scheme_id = stock.scheme_id AND movement.sku = stock.sku AND cause IN ('redemption', 'return') AND key IN (
        SELECT id::text FROM redemption WHERE day_id = $1
        UNION ALL SELECT back.id::text FROM redemption_return AS back JOIN redemption ON redemption.id = redemption_id
        WHERE day_id = $1
      )
    ), 0)::integer AS moved FROM stock WHERE scheme_id = ANY($2) ORDER BY scheme_id COLLATE "C", sku COLLATE "C"`,
    [id, schemes],
  );
  const counts = new Map(counted.map((shelf) => [shelfKey(shelf), shelf]));
  // Also one that the books found empty: what was signed for on paper stood there.
  const left = rows.filter(
    (row) => !counts.has(shelfKey(row)) && (row.pieces !== row.moved || taken.has(shelfKey(row))),
  );
  if (left.length > 0) {
    const fields = left.map(({ scheme, sku }) => ({ path: '/counts', message: `lacks ${sku} of ${scheme}` }));
    throw new GatewayError('SHELF_NOT_COUNTED', { fields });
  }
  return rows.flatMap(({ scheme, sku, moved }) => {
    const count = counts.get(shelfKey({ scheme, sku }));
    return count === undefined ? [] : [{ scheme, sku, before: count.before - moved, after: count.after }];
  });
}

interface ShelfRow {
  readonly scheme: string;
  readonly sku: string;
  readonly pieces: number;
  /** What the day took from it, negative. */
  readonly moved: number;
}

/** Also where the books agree with the shelf only because nothing goes below zero in them. */
function refuseUnexplained(stock: DayReconciliation['stock'], counted: readonly Shelf[]): void {
  const found = counted.find(
    (shelf) =>
      shelf.reason === undefined && stock.some((row) => shelfKey(row) === shelfKey(shelf) && row.variance !== 0),
  );
  if (found !== undefined) throw refusal('VARIANCE_UNEXPLAINED', `/counts/${found.at}/reason`);
}

async function shortagesOf(manager: EntityManager, { id }: RedemptionDay): Promise<DayReconciliation['shortages']> {
  const rows = await manager.query<readonly { scheme: string; subject: string; points: string }[]>(
    `SELECT line.scheme_id AS scheme, handle AS subject, sum(shortage) AS points
    FROM redemption_day_line AS line JOIN subject ON subject.id = survivor_of(line.subject_id)
    WHERE day_id = $1 GROUP BY line.scheme_id, handle HAVING sum(shortage) > 0
    ORDER BY line.scheme_id COLLATE "C", handle COLLATE "C"`,
    [id],
  );
  return rows.map((row) => ({ ...row, points: Number(row.points) }));
}
