import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { GatewayError } from '#libs/platform';
import { metricOf, type MetricValue, type SchemeDocument, type SubjectKind } from '#libs/scheme';
import { type Staff, staffCovers } from '#libs/staff';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import { AssessmentRunEntity } from './assessment-run.entity.js';

/** What is asked of a run; of several metrics or gradings one must be named. */
export interface ResultsAsked {
  readonly metric?: string | undefined;
  readonly grading?: string | undefined;
  /** Only those who have it. */
  readonly grade?: string | undefined;
  /** Only what lies in it; ranks are among these. */
  readonly place?: string | undefined;
  readonly offset: number;
  readonly limit: number;
}

export interface Result {
  readonly handle: string;
  readonly kind: SubjectKind;
  readonly place: string;
  readonly name: string;
  readonly doorNumber: string | null;
  /** Missing where there is none: nobody in the household, no inspection yet. */
  readonly value?: MetricValue;
  readonly grades: Readonly<Record<string, string>>;
  /** From 1, equals share one; `null` for a label and where there is no value. */
  readonly rank: number | null;
}

/** A run as it is shown to somebody. */
export interface ShownRun {
  readonly run: string;
  readonly period: string;
  readonly document: SchemeDocument;
  /** Unix seconds; `null` before. */
  readonly releasedAt: number | null;
  /** What is looked at: the scheme's place or one in it, with all that lies there. */
  readonly places: readonly string[];
}

export interface Results extends ShownRun {
  readonly metric: string;
  readonly total: number;
  readonly results: readonly Result[];
}

interface ResultRow extends Omit<Result, 'value' | 'grades' | 'rank'> {
  readonly result: string;
  /** Bigint, as text. */
  readonly rank: string | null;
  readonly total: number;
}

/** What runs made of their subjects, from the first by rank. */
@Injectable()
export class AssessmentResults {
  constructor(
    private readonly database: DataSource,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
  ) {}

  /** @throws GatewayError NOT_FOUND: also for a run or place outside those of who asks */
  async about(id: string, place: string | undefined, staff: Staff): Promise<ShownRun> {
    const [tree, book] = await Promise.all([this.places.tree(), this.schemes.book()]);
    const run = await this.database.manager.findOneBy(AssessmentRunEntity, { id });
    const document = run === null ? undefined : book.version(run.schemeId, run.schemeVersion)?.document;
    if (run === null || document === undefined) throw new GatewayError('NOT_FOUND');
    const isWithin = place === undefined || tree.isWithin(place, document.place);
    if (!isWithin || !staffCovers(staff, place ?? document.place, tree)) throw new GatewayError('NOT_FOUND');
    const { period } = run;
    const places = tree.within(place ?? document.place);
    return { run: id, period, document, releasedAt: await releasedAt(this.database.manager, id), places };
  }

  /** @throws GatewayError NOT_FOUND: as `about`, and for a metric or grading that the run does not have or that must be named */
  async read(id: string, asked: ResultsAsked, staff: Staff): Promise<Results> {
    const shown = await this.about(id, asked.place, staff);
    const metric = metricAsked(shown.document, asked);
    const rows = await resultRows(this.database.manager, { ...asked, run: id, metric, places: shown.places });
    return {
      ...shown,
      metric,
      total: rows[0]?.total ?? 0,
      results: rows.map(({ result, rank, total: _total, ...row }) => {
        const { value, grades } = JSON.parse(result) as Pick<Result, 'value' | 'grades'>;
        return { ...row, grades, rank: rank === null ? null : Number(rank), ...(value === undefined ? {} : { value }) };
      }),
    };
  }
}

function metricAsked(document: SchemeDocument, asked: ResultsAsked): string {
  const grading = document.gradings.find(({ id }) => id === asked.grading);
  // An import keeps its grades under the grading's own name.
  if (grading !== undefined && 'imported' in grading) return grading.id;
  const [only] = document.metrics.length === 1 ? document.metrics : [];
  const named = grading === undefined ? asked.metric : (metricOf(document, grading)?.id ?? asked.metric);
  const isKnown = asked.grading === undefined || grading !== undefined;
  const metric = document.metrics.find(({ id }) => id === (named ?? only?.id));
  if (metric === undefined || !isKnown) throw new GatewayError('NOT_FOUND');
  return metric.id;
}

function resultRows(
  manager: EntityManager,
  asked: ResultsAsked & { readonly run: string; readonly metric: string; readonly places: readonly string[] },
): Promise<readonly ResultRow[]> {
  const { run, metric, places, grading, grade, offset, limit } = asked;
  return manager.query(
    `WITH assessed AS (
      SELECT handle, kind, place, name, door_number AS "doorNumber", result,
        (result::jsonb -> 'value' ->> 'num')::numeric / (result::jsonb -> 'value' ->> 'den')::numeric AS figure
      FROM assessment_result JOIN subject ON subject.id = subject_id
      WHERE run_id = $1 AND metric = $2 AND place = ANY($3)
    ), ranked AS (
      SELECT *, CASE WHEN figure IS NOT NULL THEN rank() OVER (ORDER BY figure DESC NULLS LAST) END AS rank FROM assessed
    )
    SELECT handle, kind, place, name, "doorNumber", result, rank, (count(*) OVER ())::integer AS total FROM ranked
    WHERE ($4::text IS NULL OR result::jsonb -> 'grades' ? $4) AND ($5::text IS NULL OR
      CASE WHEN $4 IS NULL THEN EXISTS (SELECT FROM jsonb_each_text(result::jsonb -> 'grades') AS held WHERE held.value = $5)
      ELSE result::jsonb -> 'grades' ->> $4 = $5 END)
    ORDER BY rank NULLS LAST, handle COLLATE "C" OFFSET $6 LIMIT $7`,
    [run, metric, places, grading ?? null, grade ?? null, offset, limit],
  );
}

async function releasedAt(manager: EntityManager, run: string): Promise<number | null> {
  const [row] = await manager.query<readonly { readonly at: number }[]>(
    'SELECT extract(epoch FROM released_at)::float8 AS at FROM assessment_release WHERE run_id = $1',
    [run],
  );
  return row?.at ?? null;
}
