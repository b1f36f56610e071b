import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { AuditTrail } from '#libs/staff';
import { liveAttestations } from '../attestations/live-attestations.js';
import { Revocations } from '../attestations/revocations.service.js';
import { EntryActs } from '../ledger/entry-acts.service.js';
import { closeLedgerAt } from '../ledger/ledger-clock.js';
import { Residents } from '../residents/residents.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import type { ActiveScheme } from '../schemes/scheme-version.js';
import { assessResidents, type Result } from './assess-residents.js';
import { AssessmentRunEntity } from './assessment-run.entity.js';
import { AssessmentEntity } from './assessment.entity.js';
import { currentAssessment } from './current-grade.js';
import { explain, type Explanation } from './explain-assessment.js';

export interface RunSummary {
  readonly run: string;
  readonly year: number;
  /** Unix seconds. */
  readonly cutOff: number;
  readonly scheme: { readonly id: string; readonly version: number; readonly fingerprint: string };
  readonly residents: number;
  /** How many residents have each grade. Stays in the county. */
  readonly grades: Readonly<Record<string, number>>;
  /** How many attestations a lower grade revoked. */
  readonly revoked: number;
}

/** Turns the ledger into grades: only here, only by the scheme, and explained line by line. */
@Injectable()
export class Assessments {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly schemes: CountySchemes,
    private readonly residents: Residents,
    private readonly revocations: Revocations,
    private readonly acts: EntryActs,
  ) {}

  /**
   * Assesses every resident for a year over the entries up to now. A lower grade revokes what a resident holds above it, in
   * the same transaction; a higher one takes effect when attestations renew. A year before the latest one assessed is kept
   * but changes nobody's current grade.
   * @throws GatewayError SCHEME_NOT_EXPORTED, ASSESSMENT_YEAR_INVALID, LEDGER_RULE_UNKNOWN
   */
  async assessAll(year: number, actor: string): Promise<RunSummary> {
    const scheme = await this.schemes.exported();
    this.refuseYearOutsideScheme(scheme, year);
    await this.acts.bringUpToDate();
    return this.revocations.transaction((manager) => this.assessIn(manager, scheme, year, actor));
  }

  /** @throws GatewayError NOT_FOUND for an unknown handle and for a resident not assessed yet */
  async explainCurrent(handle: string): Promise<Explanation> {
    const resident = await this.residents.byHandle(handle);
    const assessment = await currentAssessment(this.database.manager, resident.id);
    if (assessment === null) throw new GatewayError('NOT_FOUND');
    return explain(this.database.manager, assessment, handle);
  }

  private async assessIn(
    manager: EntityManager,
    scheme: ActiveScheme,
    year: number,
    actor: string,
  ): Promise<RunSummary> {
    const run = await this.openRun(manager, scheme, year, actor);
    const isCurrent =
      (await manager.query<unknown[]>('SELECT 1 FROM assessment_run WHERE year > $1', [year])).length === 0;
    const grades = new Map<string, number>();
    const overtaken: string[] = [];
    for await (const results of assessResidents(manager, scheme.document, run)) {
      await keep(manager, run, results);
      for (const { grade } of results) grades.set(grade, (grades.get(grade) ?? 0) + 1);
      if (isCurrent) overtaken.push(...(await this.overtakenBy(manager, scheme, results)));
    }
    // Last, in one go: the status list is locked after all residents, as everywhere else.
    const revoked = await this.revocations.revokeAttestations(manager, overtaken, 'grade_dropped');
    const residents = [...grades.values()].reduce((sum, count) => sum + count, 0);
    const { id, cutOff, schemeId, schemeVersion, fingerprint } = run;
    const detail = { year, cutOff, residents, revoked };
    await this.audit.record(manager, { actor, action: 'residents.assessed', target: id, detail });
    const assessedBy = { id: schemeId, version: schemeVersion, fingerprint };
    return { run: id, year, cutOff, scheme: assessedBy, residents, grades: Object.fromEntries(grades), revoked };
  }

  private async openRun(
    manager: EntityManager,
    active: ActiveScheme,
    year: number,
    actor: string,
  ): Promise<AssessmentRunEntity> {
    const cutOff = await closeLedgerAt(manager, this.clock.now());
    await refuseUnknownRules(manager, active);
    const { document, digest, fingerprint } = active;
    const scheme = { schemeId: document.id, schemeVersion: document.version, schemeDigest: digest, fingerprint };
    const run = { id: randomUUID(), year, ...scheme, cutOff, madeBy: actor };
    await manager.insert(AssessmentRunEntity, run);
    return run;
  }

  /** The attestations of these residents that say more than their new grade. */
  private async overtakenBy(
    manager: EntityManager,
    scheme: ActiveScheme,
    results: readonly Result[],
  ): Promise<readonly string[]> {
    const gradeOf = new Map(results.map(({ residentId, grade }) => [residentId, grade]));
    const live = await liveAttestations(manager, [...gradeOf.keys()], this.clock.now());
    return live
      .filter(({ residentId, grade }) => scheme.isLower(gradeOf.get(residentId) ?? '', grade))
      .map(({ id }) => id);
  }

  private refuseYearOutsideScheme(scheme: ActiveScheme, year: number): void {
    const { from, to } = scheme.document.valid;
    const isBegun = year <= Number(shanghaiDay(this.clock.now()).slice(0, 4));
    const isInForce = year >= Number(from.slice(0, 4)) && (to === undefined || year <= Number(to.slice(0, 4)));
    if (!isBegun || !isInForce) throw new GatewayError('ASSESSMENT_YEAR_INVALID');
  }
}

async function refuseUnknownRules(manager: EntityManager, scheme: ActiveScheme): Promise<void> {
  const used = await manager.query<readonly { readonly rule: string }[]>(
    'SELECT DISTINCT rule_id AS rule FROM ledger_entry WHERE scheme_id = $1',
    [scheme.document.id],
  );
  const unknown = used.filter(({ rule }) => scheme.ruleOf(rule) === undefined);
  if (unknown.length > 0)
    throw new GatewayError('LEDGER_RULE_UNKNOWN', { detail: unknown.map(({ rule }) => rule).join(', ') });
}

async function keep(manager: EntityManager, run: AssessmentRunEntity, results: readonly Result[]): Promise<void> {
  const rows = results.map((result) => ({ ...result, runId: run.id, year: run.year }));
  await manager.createQueryBuilder().insert().into(AssessmentEntity).values(rows).updateEntity(false).execute();
}
