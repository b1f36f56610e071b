import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { type Days, exportedGrading, metricOf, periodDays } from '#libs/scheme';
import { AuditTrail, type Staff, staffCovers } from '#libs/staff';
import { EntryActs } from '../ledger/entry-acts.service.js';
import { closeLedgerAt } from '../ledger/ledger-clock.js';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import type { SchemeVersion } from '../schemes/scheme-version.js';
import { assessInDatabase, metricsIn } from './assess-in-database.js';
import { AssessmentRunEntity } from './assessment-run.entity.js';

/** Most runs that one answer lists, the latest first. */
const LISTED = 100;

interface ListedRun {
  readonly run: AssessmentRunEntity;
  /** `null` before it is released. */
  readonly releasedBy: string | null;
}

/** Turns the ledger into grades: only here, only by the scheme. A run counts for nothing before it is released. */
@Injectable()
export class Assessments {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
    private readonly acts: EntryActs,
  ) {}

  /**
   * Assesses every subject of a scheme for a period, over the effective entries up to now, by the version in effect on the
   * period's last day, or today in a period under way.
   * @param scheme by its id; without one, the scheme whose grades may leave the county
   * @throws GatewayError SCHEME_NOT_EXPORTED, ENTRY_SCHEME_UNKNOWN, PLACE_OUT_OF_SCOPE, ASSESSMENT_PERIOD_INVALID,
   *   LEDGER_RULE_UNKNOWN
   */
  async assess(
    { scheme, period: name }: { readonly scheme?: string; readonly period: string },
    staff: Staff,
  ): Promise<AssessmentRunEntity> {
    const period = this.begun(name);
    const version = await this.versionFor(scheme, period);
    const tree = await this.places.tree();
    if (!staffCovers(staff, version.document.place, tree)) throw new GatewayError('PLACE_OUT_OF_SCOPE');
    await this.acts.bringUpToDate();
    return this.database.transaction(async (manager) => {
      const cutOff = await closeLedgerAt(manager, this.clock.now());
      await refuseUnknownRules(manager, version);
      const assessing = { document: version.document, period, cutOff, places: tree.within(version.document.place) };
      const exported = exportedPart(version, period, cutOff);
      const id = randomUUID();
      const counts = await assessInDatabase(manager, assessing, { run: id, table: 'assessment_result' });
      const { document, digest: schemeDigest, fingerprint } = version;
      const made = { schemeId: document.id, schemeVersion: document.version, schemeDigest, fingerprint, cutOff };
      const run = { id, period: name, periodTo: period.to, ...made, ...exported, madeBy: staff.username, counts };
      await manager.insert(AssessmentRunEntity, run);
      const detail = { period: name, cutOff, scheme: document.id, version: document.version };
      await this.audit.record(manager, { actor: staff.username, action: 'assessment.made', target: id, detail });
      return run;
    });
  }

  /** The latest runs of the places an account may act in, with who released them. */
  async list(staff: Staff): Promise<readonly ListedRun[]> {
    const [tree, book] = await Promise.all([this.places.tree(), this.schemes.book()]);
    const placeOf = new Map(book.versions.map(({ document }) => [document.id, document.place]));
    const within = [...placeOf].filter(([, place]) => staffCovers(staff, place, tree)).map(([id]) => id);
    const { entities, raw } = await this.database.manager
      .createQueryBuilder(AssessmentRunEntity, 'run')
      .leftJoin('assessment_release', 'release', 'release.run_id = run.id')
      .addSelect('release.released_by', 'released_by')
      .where('run.schemeId = ANY(:within)', { within })
      .orderBy('run.number', 'DESC')
      .limit(LISTED)
      .getRawAndEntities<{ readonly released_by: string | null }>();
    return entities.map((run, at) => ({ run, releasedBy: raw[at]?.released_by ?? null }));
  }

  private begun(name: string): Days {
    const period = periodDays(name);
    if (period === undefined || period.from > shanghaiDay(this.clock.now()))
      throw new GatewayError('ASSESSMENT_PERIOD_INVALID');
    return period;
  }

  private async versionFor(scheme: string | undefined, { to }: Days): Promise<SchemeVersion> {
    const [today, book] = [this.schemes.today(), await this.schemes.book()];
    const id = scheme ?? book.exported(today).document.id;
    if (book.versionsOf(id).length === 0) throw new GatewayError('ENTRY_SCHEME_UNKNOWN');
    const version = book.inForce(id, to < today ? to : today);
    if (version === undefined) throw new GatewayError('ASSESSMENT_PERIOD_INVALID');
    return version;
  }
}

/** Where the run finds the grades that may leave the county. */
function exportedPart(
  { document }: SchemeVersion,
  period: Days,
  cutOff: number,
): Pick<AssessmentRunEntity, 'exportedMetric' | 'exportedGrading'> {
  const metrics = metricsIn(document, period, cutOff);
  if (metrics.length === 0) throw new GatewayError('ASSESSMENT_PERIOD_INVALID');
  const grading = exportedGrading(document)?.grading;
  const metric = grading && metricOf(document, grading)?.id;
  if (grading === undefined || !metrics.some((each) => each.metric === metric))
    return { exportedMetric: null, exportedGrading: null };
  return { exportedMetric: metric ?? null, exportedGrading: grading.id };
}

/** Entries were recorded under rules of versions that are all still here: only for rules that this one lacks is the ledger read. */
async function refuseUnknownRules(manager: EntityManager, { document }: SchemeVersion): Promise<void> {
  const unknown = await manager.query<readonly { readonly rule: string }[]>(
    `SELECT rule FROM (
      SELECT DISTINCT known ->> 'id' AS rule FROM scheme_version, jsonb_array_elements(document -> 'rules') AS rules (known)
      WHERE scheme_id = $1
    ) AS ever
    WHERE rule <> ALL($2) AND EXISTS (SELECT FROM ledger_entry WHERE scheme_id = $1 AND rule_id = rule) ORDER BY rule`,
    [document.id, document.rules.map(({ id }) => id)],
  );
  if (unknown.length > 0)
    throw new GatewayError('LEDGER_RULE_UNKNOWN', { detail: unknown.map(({ rule }) => rule).join(', ') });
}
