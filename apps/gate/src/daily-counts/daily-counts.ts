import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock } from '#libs/platform';
import type { VerdictCode } from '#libs/verifier';

/** What is counted per offer: grants, a clerk's decisions, voids (negative), and re-entries, which do not settle. */
export type OfferCount = 'granted' | 'accepted' | 'declined' | 'voided' | 'reentry';

/** What settles for one offer at one site on one day. */
export interface OfferCounts {
  readonly offer: string;
  readonly granted: number;
  /** After a clerk compared the document. */
  readonly accepted: number;
  readonly declined: number;
  readonly voided: number;
  readonly reentries: number;
  /** `granted + accepted − voided`. A void counts on its own day, so that days already settled stay as they are. */
  readonly net: number;
}

export interface DailyCounts {
  readonly day: string;
  readonly site: string;
  readonly noProof: number;
  /** Every other verdict that is no grant, by code. */
  readonly others: Readonly<Partial<Record<VerdictCode, number>>>;
  readonly offers: readonly OfferCounts[];
}

/** Counts per day and site. What was not granted is counted without offer and time: a `no_proof` leaves nothing else. */
@Injectable()
export class DailyCounter {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  async addVerdict(manager: EntityManager, site: string, verdict: Exclude<VerdictCode, 'granted'>): Promise<void> {
    await this.add(manager, site, '', verdict);
  }

  async addForOffer(manager: EntityManager, site: string, offer: string, kind: OfferCount): Promise<void> {
    await this.add(manager, site, offer, kind);
  }

  async of(day: string, site: string): Promise<DailyCounts> {
    const rows = await this.database.query<{ offer: string; kind: string; n: string }[]>(
      `SELECT offer, kind, n FROM daily_count WHERE day = $1 AND site = $2 ORDER BY offer, kind`,
      [day, site],
    );
    const counts = new Map<string, Map<string, number>>();
    for (const { offer, kind, n } of rows)
      counts.set(offer, (counts.get(offer) ?? new Map<string, number>()).set(kind, Number(n)));
    const verdicts = counts.get('') ?? new Map<string, number>();
    counts.delete('');
    const { no_proof: noProof = 0, ...others } = Object.fromEntries(verdicts) as Partial<Record<VerdictCode, number>>;
    return { day, site, noProof, others, offers: [...counts].map(([offer, kinds]) => offerCounts(offer, kinds)) };
  }

  private async add(manager: EntityManager, site: string, offer: string, kind: string): Promise<void> {
    await manager.query(
      `INSERT INTO daily_count AS held (day, site, offer, kind, n) VALUES ($1, $2, $3, $4, 1)
       ON CONFLICT (day, site, offer, kind) DO UPDATE SET n = held.n + 1`,
      [shanghaiDay(this.clock.now()), site, offer, kind],
    );
  }
}

function offerCounts(offer: string, kinds: ReadonlyMap<string, number>): OfferCounts {
  const of = (kind: OfferCount): number => kinds.get(kind) ?? 0;
  const [granted, accepted, voided] = [of('granted'), of('accepted'), of('voided')];
  return {
    offer,
    granted,
    accepted,
    declined: of('declined'),
    voided,
    reentries: of('reentry'),
    net: granted + accepted - voided,
  };
}
