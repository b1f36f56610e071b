import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { periodDays } from '#libs/scheme';
import { type Staff, staffCovers } from '#libs/staff';
import { Places } from '../places/places.service.js';
import { SchemeVersionEntity } from '../schemes/scheme-version.entity.js';
import { subjectInScope } from '../subjects/find-subjects.js';
import { SubjectEntity } from '../subjects/subject.entity.js';
import { metricsIn } from './assess-in-database.js';
import { AssessmentRunEntity } from './assessment-run.entity.js';
import { currentGrade } from './current-grade.js';
import {
  type ExplainedLine,
  type ExplainedMetric,
  explainMetricResult,
  type ImportedFrom,
} from './explain-assessment.js';
import { factsAt } from './facts-at.js';

export interface Explanation {
  readonly run: string;
  /** Handle. */
  readonly subject: string;
  readonly period: string;
  /** Unix seconds. */
  readonly cutOff: number;
  readonly scheme: {
    readonly id: string;
    readonly name: string;
    readonly version: number;
    readonly fingerprint: string;
  };
  readonly metrics: readonly ExplainedMetric[];
}

interface KeptRow {
  /** Of an import, the grading. */
  readonly metric: string;
  readonly result: string;
  readonly imported: ImportedFrom | null;
}

/** Of the grade that may leave the county. */
export interface GradeExplanation extends Omit<Explanation, 'subject' | 'metrics'> {
  readonly resident: string;
  readonly base: number;
  readonly lines: readonly ExplainedLine[];
  /** None where the grade was imported. */
  readonly score?: number;
  readonly grade: string;
  readonly imported?: ImportedFrom;
}

/** Says line by line why somebody has a grade, from the ledger and not from memory. */
@Injectable()
export class Explanations {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly places: Places,
  ) {}

  /**
   * What a run made of a subject, all metrics.
   * @throws GatewayError NOT_FOUND (also outside the account's places, and where the run says nothing of it), ASSESSMENT_MISMATCH
   */
  async explain(run: string, handle: string, staff: Staff): Promise<Explanation> {
    return this.ofSubject(run, await this.subjectThen(run, handle, staff));
  }

  /** @throws GatewayError NOT_FOUND for an unknown handle and for a resident not assessed yet, ASSESSMENT_MISMATCH */
  async explainCurrent(handle: string, staff: Staff): Promise<GradeExplanation> {
    const subject = await this.subject(handle, staff);
    const current = await currentGrade(this.database.manager, subject.id, shanghaiDay(this.clock.now()));
    if (current === undefined) throw new GatewayError('NOT_FOUND');
    const { metrics, subject: resident, ...explanation } = await this.ofSubject(current.run, subject);
    const { exportedMetric } = await this.database.manager.findOneByOrFail(AssessmentRunEntity, { id: current.run });
    const { base = 0, lines = [], value, imported } = metrics.find(({ metric }) => metric === exportedMetric) ?? {};
    const explained = { ...explanation, resident, base, lines, grade: current.grade };
    if (imported !== undefined) return { ...explained, imported };
    return { ...explained, score: value !== undefined && 'num' in value ? value.num : 0 };
  }

  /** The subject that a handle stood for when the run was made: one that was absorbed since has a result of its own. */
  private async subjectThen(run: string, handle: string, staff: Staff): Promise<SubjectEntity> {
    const { manager } = this.database;
    const rows = await manager.query<readonly { readonly id: string }[]>(
      `WITH RECURSIVE stood AS (
        SELECT subject.id, 0 AS step FROM subject WHERE handle = $2
        UNION ALL
        SELECT merge.survivor, step + 1 FROM stood JOIN subject_merge AS merge ON merge.absorbed = stood.id AND merge.undone_at IS NULL
        JOIN assessment_run AS run ON run.id = $1 AND merge.made_at <= run.cut_off
      )
      SELECT id FROM stood ORDER BY step DESC LIMIT 1`,
      [run, handle],
    );
    const subject = rows[0] && (await manager.findOneBy(SubjectEntity, { id: rows[0].id }));
    if (!subject || !staffCovers(staff, subject.place, await this.places.tree())) throw new GatewayError('NOT_FOUND');
    return subject;
  }

  private async subject(handle: string, staff: Staff): Promise<SubjectEntity> {
    return subjectInScope(this.database.manager, handle, staff, await this.places.tree());
  }

  private async ofSubject(run: string, { id, kind, place, handle }: SubjectEntity): Promise<Explanation> {
    const { manager } = this.database;
    const found = await manager.findOneBy(AssessmentRunEntity, { id: run });
    const results = await manager.query<readonly KeptRow[]>(
      `SELECT metric, result, CASE WHEN document IS NOT NULL THEN
        jsonb_build_object('document', document, 'from', from_day, 'to', to_day) END AS imported
      FROM assessment_result LEFT JOIN imported_grade USING (run_id, subject_id)
      WHERE run_id = $1 AND subject_id = $2 ORDER BY metric`,
      [run, id],
    );
    const days = periodDays(found?.period ?? '');
    if (found === null || days === undefined || results.length === 0) throw new GatewayError('NOT_FOUND');
    const { schemeId, schemeVersion: version, schemeDigest: digest, fingerprint, cutOff, period } = found;
    const { document } = await manager.findOneByOrFail(SchemeVersionEntity, { schemeId, version, digest });
    const facts = await factsAt(manager, id, schemeId, cutOff);
    const timeOf = new Map(metricsIn(document, days, cutOff).map(({ metric, time }) => [metric, time]));
    const metrics = results.flatMap(({ metric, result: kept, imported }): readonly ExplainedMetric[] => {
      if (imported !== null) return [{ metric, grades: gradesOf(kept), base: 0, lines: [], imported }];
      const time = timeOf.get(metric);
      return time === undefined
        ? []
        : [explainMetricResult({ document, metric, time, subject: { id, kind, place }, facts, kept })];
    });
    const scheme = { id: schemeId, name: document.name_zh, version, fingerprint };
    return { run, subject: handle, period, cutOff, scheme, metrics };
  }
}

function gradesOf(kept: string): ExplainedMetric['grades'] {
  const { grades } = JSON.parse(kept) as Pick<ExplainedMetric, 'grades'>;
  return grades;
}
