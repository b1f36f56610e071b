import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { quotaPeriod, type Offer } from '#libs/offers';
import { Clock, ServiceLog } from '#libs/platform';
import { Repeater } from '../fetching/repeater.js';
import type { Place } from '../sites/site-directory.js';
import { TimeFloor } from '../trust/time-floor.js';
import { lockKey, quotaSubject, type MemoryHandles } from './memory-handles.js';

/** What a visit is looked up by. */
export interface Visit {
  readonly handles: MemoryHandles;
  /** A card may come again: it is known only until its visit is over, and its quota counts the rest. */
  readonly isPaper: boolean;
  readonly offer: Offer | undefined;
  /** Day of the visit, Asia/Shanghai. */
  readonly day: string;
  readonly orderRef: string | undefined;
}

export interface Recalled {
  /** The visit on which the same (holder, nonce) was seen before, if any. */
  readonly seen:
    | {
        readonly proof: string;
        readonly site: string;
        readonly lane: string;
        readonly at: number;
        readonly verificationId: string;
      }
    | undefined;
  readonly used: number;
  /** Of the uses at a lane that no clerk has still to decide: what a re-entry may rest on. */
  readonly lastUsedAt: number | undefined;
  readonly takenToday: number;
}

/** What is remembered of a visit that was granted or handed to a clerk; of any other there is no trace. */
export interface Remembered {
  readonly verificationId: string;
  readonly place: Place;
  /** Until when the very code must be known again (Unix seconds). */
  readonly until: number;
  /** False for a re-entry, which is free and uncounted. */
  readonly isCounted: boolean;
  /** False for a sale online: only who came in at a lane can come back there. */
  readonly isAtLane: boolean;
}

interface RecalledRow {
  readonly proof: string | null;
  readonly site: string;
  readonly lane: string;
  readonly seen_at: string;
  readonly verification_id: string;
  readonly used: string;
  readonly last_used_at: string | null;
  readonly taken: string;
}

const PURGE_MS = 60_000;
const DAY_SECONDS = 86_400;

/**
 * What the lanes of all sites share: which codes were accepted, and how often a holder used an offer in its period. It lives
 * in the database, so it outlives restarts and is one for every process that serves the site.
 */
@Injectable()
export class SiteMemory implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly purging = new Repeater(
    () => this.purge(),
    PURGE_MS,
    (error) => this.log.fault('site_memory.purge_failed', error),
  );

  constructor(
    private readonly database: DataSource,
    private readonly floor: TimeFloor,
    private readonly clock: Clock,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    this.purging.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.purging.stop();
  }

  /**
   * Waits for every other visit with the same code, of the same holder with the same offer (and, where a day has so many, of the
   * same day), then looks it up. The same two statements whatever was presented.
   */
  async recall(manager: EntityManager, visit: Visit): Promise<Recalled> {
    const { handles, isPaper, offer, day, orderRef } = visit;
    const id = offer?.id ?? '';
    const subject = quotaSubject(handles, offer?.uses.per, orderRef);
    // In one order everywhere, so that no two visits wait for each other.
    const keys = [
      lockKey('seen', handles.holder, handles.nonce),
      lockKey('use', subject, id),
      ...(offer?.dailyLimit === undefined ? [] : [lockKey('day', id, day)]),
    ];
    await manager.query(`SELECT pg_advisory_xact_lock(key) FROM unnest($1::bigint[]) AS key`, [keys]);
    const [row] = await manager.query<RecalledRow[]>(RECALL, [
      handles.holder,
      handles.nonce,
      subject,
      id,
      periodOf(visit) ?? '',
      offer?.dailyLimit === undefined ? '' : day,
      isPaper ? this.clock.now() : null,
    ]);
    if (row === undefined) throw new TypeError('an aggregate gives one row');
    const { proof, site, lane } = row;
    return {
      seen:
        proof === null
          ? undefined
          : { proof, site, lane, at: Number(row.seen_at), verificationId: row.verification_id },
      used: Number(row.used),
      lastUsedAt: row.last_used_at === null ? undefined : Number(row.last_used_at),
      takenToday: Number(row.taken),
    };
  }

  async remember(
    manager: EntityManager,
    visit: Visit,
    { verificationId, place, until, isCounted, isAtLane }: Remembered,
  ): Promise<void> {
    const { handles, isPaper, offer, day, orderRef } = visit;
    const now = this.clock.now();
    if (isPaper)
      await manager.query('DELETE FROM seen_proof WHERE holder = $1 AND nonce = $2 AND expires_at < $3', [
        handles.holder,
        handles.nonce,
        now,
      ]);
    await manager.query(
      `INSERT INTO seen_proof (holder, nonce, proof, site, lane, verification_id, seen_at, expires_at, is_paper)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [handles.holder, handles.nonce, handles.proof, place.site, place.lane, verificationId, now, until, isPaper],
    );
    const period = periodOf(visit);
    if (!isCounted || offer === undefined || period === undefined) return;
    await manager.query(
      `INSERT INTO quota_use (verification_id, subject, offer, period, day, used_at, at_lane)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [verificationId, quotaSubject(handles, offer.uses.per, orderRef), offer.id, period, day, now, isAtLane],
    );
  }

  /** Grants already counted for an offer with a daily limit on a day; 0 where there is no limit. */
  async takenOn(manager: EntityManager, offer: Offer, day: string): Promise<number> {
    if (offer.dailyLimit === undefined) return 0;
    const [row] = await manager.query<{ n: string }[]>(
      `SELECT count(*) AS n FROM quota_use WHERE offer = $1 AND day = $2 AND freed_at IS NULL`,
      [offer.id, day],
    );
    return Number(row?.n ?? 0);
  }

  /** Gives a use back. A card was turned away or taken back: it is no longer the same visit, and paper has no fresh code. */
  async free(manager: EntityManager, verificationId: string): Promise<void> {
    await manager.query('DELETE FROM seen_proof WHERE verification_id = $1 AND is_paper', [verificationId]);
    await manager.query(`UPDATE quota_use SET freed_at = $2 WHERE verification_id = $1 AND freed_at IS NULL`, [
      verificationId,
      this.clock.now(),
    ]);
  }

  /**
   * Forgets what can decide nothing any more: codes past their time, and holders' uses once their period is over. A day late,
   * for clocks that differ; and by signed time where that is earlier, so that a clock that jumps ahead makes nothing forgotten.
   */
  private async purge(): Promise<void> {
    const past = Math.min(this.clock.now(), this.floor.value) - DAY_SECONDS;
    await this.database.query(`DELETE FROM seen_proof WHERE expires_at < $1`, [past]);
    // A use per order names no holder, and stays as long as the order can come again.
    const lastDay = shanghaiDay(Math.max(0, past));
    await this.database.query(
      `DELETE FROM quota_use WHERE day < $1 AND
        (period = 'entry' OR period LIKE 'day:%' OR (period LIKE 'year:%' AND left(day, 4) < left($1, 4)))`,
      [lastDay],
    );
  }
}

function periodOf({ offer, day, orderRef }: Visit): string | undefined {
  return offer && quotaPeriod(offer.uses, { day, orderRef });
}

const RECALL = `
  SELECT seen.proof, seen.site, seen.lane, seen.seen_at, seen.verification_id,
    count(use.verification_id) AS used,
    max(use.used_at) FILTER (
      WHERE use.at_lane AND (settled.verdict = 'granted' OR settled.decision = 'accepted')
    ) AS last_used_at,
    (SELECT count(*) FROM quota_use WHERE offer = $4 AND day = $6 AND freed_at IS NULL) AS taken
  FROM (SELECT 1) AS one
  LEFT JOIN seen_proof AS seen
    ON seen.holder = $1 AND seen.nonce = $2 AND ($7::bigint IS NULL OR seen.expires_at >= $7::bigint)
  LEFT JOIN quota_use AS use
    ON use.subject = $3 AND use.offer = $4 AND use.period = $5 AND use.freed_at IS NULL
  LEFT JOIN verification AS settled ON settled.id = use.verification_id
  GROUP BY seen.proof, seen.site, seen.lane, seen.seen_at, seen.verification_id`;
