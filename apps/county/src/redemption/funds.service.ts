import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff } from '#libs/staff';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import { fundKey, type FundMove, lockFunds, moveFunds } from './lock-funds.js';
import { onceUnderKey } from './once-under-key.js';
import { coversScheme, refusal, refuseOutside } from './scheme-scope.js';
import { fundName, fundOf, termsOn } from './shop-terms.js';

export interface Inflow {
  /** Idempotency key. */
  readonly key: string;
  readonly scheme: string;
  readonly fund: string;
  /** `award` comes out of the fund that the document names. */
  readonly source: 'award' | 'collective' | 'sponsor' | 'donation';
  readonly amountFen: number;
  readonly note: string;
}

export interface FundState {
  readonly id: string;
  readonly label: string;
  /** Id of the scheme whose money it is. */
  readonly owner: string;
  readonly balanceFen: number;
}

export interface FundMovement {
  readonly amountFen: number;
  readonly cause: FundMove['cause'];
  readonly key: string;
  readonly note: string;
  /** Unix seconds. */
  readonly at: number;
  readonly by: string;
}

/** The money behind the shop: where it comes from, and what it was spent on. */
@Injectable()
export class Funds {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
  ) {}

  /**
   * Pays into a fund what its document lets flow in.
   * @returns the fund afterwards
   * @throws GatewayError ENTRY_SCHEME_UNKNOWN, REDEMPTION_CLOSED (no version in effect), FUND_UNKNOWN, PLACE_OUT_OF_SCOPE (whoever pays in
   *   acts where the fund is, and who awards where both are), INFLOW_NOT_BY_FUND, FUND_INSUFFICIENT, KEY_REUSED
   */
  async payIn(inflow: Inflow, staff: Staff): Promise<FundState> {
    const { key, scheme, fund: id, source, amountFen, note } = inflow;
    const scope = { book: await this.schemes.book(), tree: await this.places.tree(), staff };
    refuseOutside(scheme, scope);
    const recording = { at: this.clock.now(), actor: staff.username };
    const request = { key, kind: 'inflow', content: inflow, now: recording.at, by: staff.username };
    return this.database.transaction((manager) =>
      onceUnderKey(manager, request, async () => {
        const version = termsOn(scope.book, scheme, this.schemes.today());
        const fund = fundOf(version, id);
        if (fund === undefined) throw refusal('FUND_UNKNOWN', '/fund');
        if (!fund.inflows.includes(source)) throw refusal('INFLOW_NOT_BY_FUND', '/source');
        const name = fundName(scope.book, version, id);
        const from =
          source === 'award' && fund.from !== undefined ? fundName(scope.book, version, fund.from) : undefined;
        for (const { owner } of from === undefined ? [name] : [name, from]) refuseOutside(owner, scope);
        const balances = await lockFunds(manager, from === undefined ? [name] : [name, from]);
        const moves: FundMove[] = [{ ...name, amountFen, cause: source, key, note }];
        if (from !== undefined) {
          if ((balances.get(fundKey(from)) ?? 0) < amountFen) throw new GatewayError('FUND_INSUFFICIENT');
          moves.push({ ...from, amountFen: -amountFen, cause: 'awarded', key, note });
        }
        await moveFunds(manager, moves, recording);
        const detail = { fund: id, source, amountFen, key };
        await this.audit.record(manager, {
          actor: staff.username,
          action: 'fund.paid_in',
          target: name.owner,
          detail,
        });
        const balanceFen = (balances.get(fundKey(name)) ?? 0) + amountFen;
        return { id, label: fund.label_zh, owner: name.owner, balanceFen };
      }),
    );
  }

  /**
   * A fund of a scheme with everything that moved it, the latest last.
   * @throws GatewayError NOT_FOUND, also outside the places of who asks
   */
  async read(
    scheme: string,
    id: string,
    staff: Staff,
  ): Promise<FundState & { readonly movements: readonly FundMovement[] }> {
    const scope = { book: await this.schemes.book(), tree: await this.places.tree(), staff };
    const version = scope.book.inForce(scheme, this.schemes.today());
    const fund = version && fundOf(version, id);
    if (version === undefined || fund === undefined) throw new GatewayError('NOT_FOUND');
    const { owner } = fundName(scope.book, version, id);
    if (!coversScheme(owner, scope)) throw new GatewayError('NOT_FOUND');
    const rows = await this.database.query<readonly (FundMovement & { readonly amountFen: string })[]>(
      `SELECT amount_fen AS "amountFen", cause, key, note, extract(epoch FROM moved_at)::float8 AS at, moved_by AS by
      FROM fund_movement WHERE owner = $1 AND fund = $2 ORDER BY id`,
      [owner, id],
    );
    const movements = rows.map((row) => ({ ...row, amountFen: Number(row.amountFen) }));
    // The sum of its movements by construction, and so one snapshot with them.
    const balanceFen = movements.reduce((sum, { amountFen }) => sum + amountFen, 0);
    return { id, label: fund.label_zh, owner, balanceFen, movements };
  }
}
