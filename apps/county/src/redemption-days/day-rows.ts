import type { EntityManager } from 'typeorm';
import { GatewayError } from '#libs/platform';
import type { Reconciliation, SettlementDifference } from '#libs/ledger';
import { coversScheme, refusal, refuseOutside, type Scope } from '../redemption/scheme-scope.js';

/** planned → settled → open → closed; a day that no longer settles goes back to planned. */
export type DayState = 'planned' | 'settled' | 'open' | 'closed';

/** What the settlement before a day found, over the wallets of all its schemes. */
export interface DaySettlement {
  readonly subjects: number;
  readonly points: number;
  /** Subjects by handle. */
  readonly differences: readonly (SettlementDifference & { readonly scheme: string })[];
}

/** What the reconciliation after a day found; people by handle. */
export interface DayReconciliation extends Omit<Reconciliation, 'stock'> {
  readonly stock: readonly (Reconciliation['stock'][number] & { readonly scheme: string })[];
  /** What was signed for on paper beyond the balance: the manager's to settle. */
  readonly shortages: readonly { readonly scheme: string; readonly subject: string; readonly points: number }[];
}

export interface RedemptionDay {
  readonly id: string;
  /** The scheme it was planned for. */
  readonly scheme: string;
  /** Those whose shops sell on it. */
  readonly schemes: readonly string[];
  /** `YYYY-MM-DD`, Asia/Shanghai. */
  readonly on: string;
  readonly title: string;
  readonly state: DayState;
  /** How many are on the list; `null` where everybody is welcome. */
  readonly invited: number | null;
  readonly plannedBy: string;
  readonly openedBy: string | null;
  readonly closedBy: string | null;
  /** The last one before it was opened. */
  readonly settlement: DaySettlement | null;
  readonly reconciliation: DayReconciliation | null;
}

const COLUMNS = `day.id, day.scheme_id AS scheme, day.on_day::text AS on, day.title, day.state,
  (SELECT array_agg(scheme_id ORDER BY scheme_id COLLATE "C") FROM redemption_day_scheme WHERE day_id = day.id) AS schemes,
  CASE WHEN day.has_list THEN (SELECT count(*)::integer FROM redemption_day_invited WHERE day_id = day.id) END AS invited,
  day.planned_by AS "plannedBy", day.opened_by AS "openedBy", day.closed_by AS "closedBy", day.settlement, day.reconciliation`;

/** The days of these schemes, the latest first. */
export function daysOf(
  manager: EntityManager,
  schemes: readonly string[],
  limit: number,
): Promise<readonly RedemptionDay[]> {
  return manager.query(
    `SELECT ${COLUMNS} FROM redemption_day AS day
    WHERE day.id IN (SELECT day_id FROM redemption_day_scheme WHERE scheme_id = ANY($1)) OR day.scheme_id = ANY($1)
    ORDER BY day.on_day DESC, day.number DESC LIMIT $2`,
    [schemes, limit],
  );
}

/**
 * A day that an account may see: its own place or that of one of its schemes lies within the account's.
 * @param lock holds the day as it is until the transaction ends; taken before any other but that of a request's key
 * @throws GatewayError NOT_FOUND
 */
export async function dayInScope(
  manager: EntityManager,
  id: string,
  scope: Scope,
  lock?: 'FOR UPDATE' | 'FOR SHARE',
): Promise<RedemptionDay> {
  if (lock !== undefined) await manager.query(`SELECT FROM redemption_day WHERE id = $1 ${lock}`, [id]);
  const [day] = await manager.query<readonly RedemptionDay[]>(
    `SELECT ${COLUMNS} FROM redemption_day AS day WHERE day.id = $1`,
    [id],
  );
  const schemes = day === undefined ? [] : [day.scheme, ...day.schemes];
  if (day === undefined || !schemes.some((scheme) => coversScheme(scheme, scope))) throw new GatewayError('NOT_FOUND');
  return day;
}

/**
 * One of a day's schemes: the one named, or the only one.
 * @throws GatewayError ENTRY_SCHEME_UNKNOWN, PLACE_OUT_OF_SCOPE
 */
export function schemeOfDay(day: RedemptionDay, named: string | undefined, scope: Scope): string {
  const [only] = day.schemes;
  const scheme = named ?? (day.schemes.length === 1 ? only : undefined);
  if (scheme === undefined || !day.schemes.includes(scheme)) throw refusal('ENTRY_SCHEME_UNKNOWN', '/scheme');
  refuseOutside(scheme, scope);
  return scheme;
}
