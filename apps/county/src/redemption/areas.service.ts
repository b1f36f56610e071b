import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff } from '#libs/staff';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import { onceUnderKey } from './once-under-key.js';
import { coversScheme, type Scope } from './scheme-scope.js';

/** What a village fund owes for what its people took elsewhere in the area, and is owed for what it handed out. */
export interface ClearingRow {
  readonly scheme: string;
  /** `null` where no fund is named. */
  readonly fund: string | null;
  readonly owesPoints: number;
  readonly owedPoints: number;
  /** Owed less owing: what it receives, or pays where negative. */
  readonly points: number;
}

export interface Clearing {
  readonly rows: readonly ClearingRow[];
  /** Of the points of all rows: always 0. */
  readonly sum: number;
}

/** Any constant of our own; advisory locks are per database. */
const AREA_LOCK = 0x61_72_65_61;

const OPEN_DEBTS = `SELECT * FROM area_debt AS debt
  WHERE area = $1 AND NOT EXISTS (SELECT FROM area_debt_cleared WHERE debt_id = debt.id)`;

/** Schemes whose points buy alike inside one area (同值化): 1 point is 1 point, settled between the village funds. */
@Injectable()
export class Areas {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
  ) {}

  /**
   * What is open between the funds of an area.
   * @throws GatewayError NOT_FOUND, also where who asks does not act for every scheme of the area
   */
  async read(area: string, staff: Staff): Promise<Clearing> {
    refuseOthers(area, { book: await this.schemes.book(), tree: await this.places.tree(), staff });
    return clearingOf(await openRows(this.database.manager, area));
  }

  /**
   * Settles what is open: each fund's net is written down, and the debts are open no longer.
   * @throws GatewayError NOT_FOUND, as above; KEY_REUSED
   */
  async clear(area: string, key: string, staff: Staff): Promise<Clearing & { readonly clearing: string }> {
    refuseOthers(area, { book: await this.schemes.book(), tree: await this.places.tree(), staff });
    const [now, by] = [this.clock.now(), staff.username];
    return this.database.transaction((manager) =>
      onceUnderKey(manager, { key, kind: 'clearing', content: { area }, now, by }, async () => {
        // One clearing of an area at a time; whoever buys meanwhile is in the next one.
        await manager.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [AREA_LOCK, area]);
        const id = randomUUID();
        await manager.query(
          'INSERT INTO area_clearing (id, area, cleared_at, cleared_by) VALUES ($1, $2, to_timestamp($3), $4)',
          [id, area, now, by],
        );
        await manager.query(
          `INSERT INTO area_debt_cleared (debt_id, clearing_id) SELECT open.id, $2 FROM (${OPEN_DEBTS}) AS open`,
          [area, id],
        );
        const rows = await rowsOf(
          manager,
          'SELECT debt.* FROM area_debt AS debt JOIN area_debt_cleared ON debt_id = id WHERE clearing_id = $1',
          id,
        );
        await manager.query(
          `INSERT INTO area_clearing_row (clearing_id, scheme_id, fund, points) SELECT $1, scheme, fund, points
          FROM jsonb_to_recordset($2) AS row (scheme text, fund text, points bigint)`,
          [id, JSON.stringify(rows)],
        );
        await this.audit.record(manager, { actor: by, action: 'area.cleared', target: area, detail: { key } });
        return { clearing: id, ...clearingOf(rows) };
      }),
    );
  }
}

function refuseOthers(area: string, scope: Scope): void {
  const named = scope.book.versions.filter(({ document }) => document.area?.id === area);
  const schemes = new Set(named.map(({ document }) => document.id));
  if (schemes.size === 0 || ![...schemes].every((scheme) => coversScheme(scheme, scope)))
    throw new GatewayError('NOT_FOUND');
}

function openRows(manager: EntityManager, area: string): Promise<readonly ClearingRow[]> {
  return rowsOf(manager, OPEN_DEBTS, area);
}

async function rowsOf(manager: EntityManager, debts: string, parameter: string): Promise<readonly ClearingRow[]> {
  const rows = await manager.query<readonly Record<keyof ClearingRow, string>[]>(
    `WITH debt AS (${debts})
    SELECT scheme, fund, sum(owes) AS "owesPoints", sum(owed) AS "owedPoints", sum(owed - owes) AS points FROM (
      SELECT debtor_scheme AS scheme, debtor_fund AS fund, points AS owes, 0 AS owed FROM debt
      UNION ALL SELECT creditor_scheme, creditor_fund, 0, points FROM debt
    ) AS side GROUP BY scheme, fund ORDER BY scheme COLLATE "C", fund COLLATE "C"`,
    [parameter],
  );
  return rows.map(({ scheme, fund, ...points }) => ({
    scheme,
    fund,
    owesPoints: Number(points.owesPoints),
    owedPoints: Number(points.owedPoints),
    points: Number(points.points),
  }));
}

function clearingOf(rows: readonly ClearingRow[]): Clearing {
  return { rows, sum: rows.reduce((sum, { points }) => sum + points, 0) };
}
