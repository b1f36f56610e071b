import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail, type Staff, staffCovers } from '#libs/staff';
import { outdatedBadges } from '../badges/outdated-badges.js';
import { liveAttestations } from '../attestations/live-attestations.js';
import { Revocations } from '../attestations/revocations.service.js';
import { Places } from '../places/places.service.js';
import { isSamePerson } from '../residents/is-same-person.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import { ActiveScheme } from '../schemes/scheme-version.js';
import { AssessmentRunEntity } from './assessment-run.entity.js';
import { currentGradeSql, lockReleases } from './current-grade.js';

interface OutdatedRow {
  readonly attestation: string;
  readonly resident: string;
}

interface OvertakenRow extends OutdatedRow {
  readonly held: string;
  readonly grade: string;
}

const CALENDAR = 'system:calendar';

/** Brings runs into effect: from then on attestations are issued by their grades. */
@Injectable()
export class Releases {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
    private readonly revocations: Revocations,
  ) {}

  /**
   * Releases a run that somebody else has made. A lower grade revokes what a resident holds above it, in the same
   * transaction; a higher one takes effect when attestations renew. A run of an earlier period, or made before one that is
   * released already, changes nobody's current grade. Released again, it answers the same.
   * @returns how many attestations were revoked
   * @throws GatewayError NOT_FOUND (also outside the account's places), RELEASE_BY_ASSESSOR
   */
  async release(id: string, staff: Staff): Promise<{ readonly revoked: number }> {
    const [tree, book] = await Promise.all([this.places.tree(), this.schemes.book()]);
    const run = await this.database.manager.findOneBy(AssessmentRunEntity, { id });
    const place = run === null ? undefined : book.versionsOf(run.schemeId)[0]?.document.place;
    if (run === null || place === undefined || !staffCovers(staff, place, tree)) throw new GatewayError('NOT_FOUND');
    if (await isSamePerson(this.database.manager, run.madeBy, staff)) throw new GatewayError('RELEASE_BY_ASSESSOR');
    const scheme = book.version(run.schemeId, run.schemeVersion);
    return this.revocations.transaction(async (manager) => {
      await lockReleases(manager);
      const [before] = await manager.query<readonly { readonly revoked: number }[]>(
        'SELECT revoked FROM assessment_release WHERE run_id = $1',
        [id],
      );
      if (before !== undefined) return before;
      const isExported = scheme instanceof ActiveScheme && run.exportedMetric !== null;
      const among = 'SELECT subject_id FROM assessment_result WHERE run_id = $2::uuid';
      const tiers = isExported ? await this.overtaken(manager, scheme, { among, releasing: id }) : [];
      const at = this.clock.now();
      const badges = scheme === undefined ? [] : await outdatedBadges(manager, scheme.document, { at, releasing: id });
      const revoked = await this.revoke(manager, [...tiers, ...badges]);
      await manager.query(
        `INSERT INTO assessment_release (run_id, released_by, released_at, revoked) VALUES ($1, $2, to_timestamp($3), $4)`,
        [id, staff.username, this.clock.now(), revoked],
      );
      const detail = { period: run.period, revoked };
      await this.audit.record(manager, { actor: staff.username, action: 'assessment.released', target: id, detail });
      return { revoked };
    });
  }

  /**
   * Revokes what is above a resident's current grade because an imported grade has ended, or the next has begun (attestations
   * live two weeks, so longer ago there is nothing left of it), and badges whose grade or household is no longer the holder's.
   * @returns how many attestations were revoked
   */
  async revokeOutdated(): Promise<number> {
    const [book, today] = [await this.schemes.book(), this.schemes.today()];
    const exported = book.inForceExported(today);
    const changed = `SELECT subject_id FROM imported_grade
      WHERE to_day BETWEEN $1::date - 15 AND $1::date - 1 OR from_day BETWEEN $1::date - 15 AND $1::date`;
    return this.revocations.transaction(async (manager) => {
      await lockReleases(manager);
      const at = this.clock.now();
      const outdated = [
        ...(exported === undefined ? [] : await this.overtaken(manager, exported, { among: changed, releasing: null })),
      ];
      for (const { document } of book.allInForce(today))
        outdated.push(...(await outdatedBadges(manager, document, { at, releasing: null })));
      const revoked = await this.revoke(manager, outdated);
      if (revoked > 0)
        await this.audit.record(manager, { actor: CALENDAR, action: 'grades.ended', detail: { revoked } });
      return revoked;
    });
  }

  /**
   * The live attestations that say more than their resident's current grade.
   * @param among a SELECT of `subject_id`; `$1` is today, `$2` the run that is about to be released
   */
  private async overtaken(
    manager: EntityManager,
    scheme: ActiveScheme,
    { among, releasing }: { readonly among: string; readonly releasing: string | null },
  ): Promise<readonly OutdatedRow[]> {
    const now = this.clock.now();
    const names = { subject: 'attestation.resident_id', day: '$1::date', releasing: '$2::uuid' };
    const rows = await manager.query<readonly OvertakenRow[]>(
      `SELECT attestation.id AS attestation, resident_id AS resident, attestation.grade AS held, coalesce(latest.grade, '') AS grade
      FROM attestation LEFT JOIN LATERAL (${currentGradeSql(names)}) AS latest ON true
      WHERE badge_scheme IS NULL AND revoked_at IS NULL AND exp > to_timestamp($3) AND resident_id IN (${among})`,
      [shanghaiDay(now), releasing, now],
    );
    return rows.filter(({ grade, held }) => scheme.isLower(grade, held));
  }

  /** Revokes what is still live, the residents locked in the order of their ids. */
  private async revoke(manager: EntityManager, outdated: readonly OutdatedRow[]): Promise<number> {
    const residents = [...new Set(outdated.map(({ resident }) => resident))];
    await manager.query('SELECT FROM resident WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE', [residents]);
    // What was revoked while this waited is no longer live.
    const live = new Set((await liveAttestations(manager, residents, this.clock.now())).map(({ id }) => id));
    const ids = outdated.map(({ attestation }) => attestation).filter((id) => live.has(id));
    return this.revocations.revokeAttestations(manager, ids, 'grade_dropped');
  }
}
