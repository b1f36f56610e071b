import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { GatewayError } from '#libs/platform';
import { AuditTrail, coveredPlaces, type Staff } from '#libs/staff';
import { Places } from '../places/places.service.js';
import { subjectInScope } from '../subjects/find-subjects.js';
import { Wallets } from './wallets.service.js';

/** Points that were taken back, or spent on paper, after they had been spent. */
export interface Shortage {
  readonly scheme: string;
  /** Handle. */
  readonly subject: string;
  readonly place: string;
  readonly points: number;
}

export interface Settlement {
  /** Idempotency key. */
  readonly key: string;
  readonly scheme: string;
  /** Handle. */
  readonly subject: string;
  readonly points: number;
  readonly reason: string;
}

/** The shortage register, for the manager: what no wallet covers, and what became of it. */
@Injectable()
export class Shortages {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly wallets: Wallets,
  ) {}

  /** What is open in the places of who asks, under one scheme or all. */
  async open(scheme: string | undefined, staff: Staff): Promise<readonly Shortage[]> {
    const tree = await this.places.tree();
    const places = coveredPlaces(staff)?.flatMap((place) => tree.within(place)) ?? null;
    const rows = await this.database.query<readonly (Omit<Shortage, 'points'> & { readonly points: string })[]>(
      `SELECT wallet.scheme_id AS scheme, subject.handle AS subject, subject.place, wallet.shortage AS points
      FROM wallet JOIN subject ON subject.id = wallet.subject_id
      WHERE wallet.shortage > 0 AND ($1::text IS NULL OR wallet.scheme_id = $1) AND ($2::text[] IS NULL OR subject.place = ANY($2))
      ORDER BY wallet.scheme_id, subject.handle`,
      [scheme ?? null, places],
    );
    return rows.map((row) => ({ ...row, points: Number(row.points) }));
  }

  /**
   * Settles a shortage or part of it, with the reason why it need not be earned: paid otherwise, or waived.
   * @throws GatewayError NOT_FOUND (also outside the places of who asks), SHORTAGE_SMALLER, POSTING_DIFFERS
   */
  async settle({ key, scheme, subject: handle, points, reason }: Settlement, staff: Staff): Promise<Shortage> {
    const tree = await this.places.tree();
    return this.database.transaction(async (manager) => {
      const { id, handle: subject, place } = await subjectInScope(manager, handle, staff, tree);
      const change = {
        key,
        scheme,
        subject: id,
        points,
        reason,
        cause: 'shortage_settled',
        actor: staff.username,
      } as const;
      let isNew = false;
      const wallet = await this.wallets.change(manager, change, ({ shortage }) => {
        if (points > shortage) throw new GatewayError('SHORTAGE_SMALLER');
        isNew = true;
        return { posting: 0, shortage: -points };
      });
      const detail = { scheme, points, key };
      if (isNew)
        await this.audit.record(manager, {
          actor: staff.username,
          action: 'shortage.settled',
          target: subject,
          detail,
        });
      return { scheme, subject, place, points: wallet.shortage };
    });
  }
}
