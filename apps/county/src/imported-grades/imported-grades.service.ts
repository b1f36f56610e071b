import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { shanghaiDay } from '#libs/calendar';
import { canonicalJson } from '#libs/jose-profile';
import { Clock, type ErrorCode, GatewayError } from '#libs/platform';
import { exportedGrading, type Grading, gradesOf, subjectOf } from '#libs/scheme';
import { AuditTrail, type Staff, staffCovers } from '#libs/staff';
import { AssessmentRunEntity, type GradeCounts } from '../assessment/assessment-run.entity.js';
import type { PlaceTree } from '../places/place-tree.js';
import { Places } from '../places/places.service.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import type { SchemeVersion } from '../schemes/scheme-version.js';
import { subjectsByHandle } from '../subjects/find-subjects.js';
import type { SubjectEntity } from '../subjects/subject.entity.js';

/** A grade as the system that computes it says it. */
export interface GivenGrade {
  /** Handle. */
  readonly subject: string;
  /** `null` withdraws what was said before. */
  readonly grade: string | null;
  /** First and last day, `YYYY-MM-DD`, Asia/Shanghai. */
  readonly from: string;
  readonly to: string;
  /** Number of the document that says so. */
  readonly document: string;
}

export interface AskedImport {
  readonly key: string;
  readonly scheme: string;
  /** May be left out where the scheme imports one grading only. */
  readonly grading?: string;
  readonly rows: readonly GivenGrade[];
}

interface Row extends Omit<GivenGrade, 'subject'> {
  /** Id. */
  readonly subject: string;
}

interface ImportingGrading {
  readonly version: SchemeVersion;
  readonly grading: Grading;
}

/**
 * Grades that another system computes today (design §4.1). A batch is a run like any other: it counts for nothing before
 * somebody else releases it, is under the scheme's fingerprint, and what it lowers is revoked.
 */
@Injectable()
export class ImportedGrades {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
  ) {}

  /**
   * Takes a batch in, all or none; the same again under its key changes nothing. Whoever is not in it keeps what was said before.
   * @returns the run
   * @throws GatewayError ENTRY_SCHEME_UNKNOWN, PLACE_OUT_OF_SCOPE, IMPORT_NOT_BY_SCHEME, KEY_REUSED; naming the row:
   *   SUBJECT_UNKNOWN, SUBJECT_ENDED, SUBJECT_NOT_SCORED, SUBJECT_KIND_WRONG, SUBJECT_OUTSIDE_SCHEME, GRADE_UNKNOWN, BODY_INVALID
   */
  async take({ key, scheme, grading: named, rows: given }: AskedImport, staff: Staff): Promise<AssessmentRunEntity> {
    const tree = await this.places.tree();
    const importing = await this.gradingOf(scheme, named);
    const { version, grading } = importing;
    if (!staffCovers(staff, version.document.place, tree)) throw new GatewayError('PLACE_OUT_OF_SCOPE');
    const handles = given.map(({ subject }) => subject);
    const found = await subjectsByHandle(this.database.manager, handles);
    // What lies elsewhere is answered as what is not there.
    const subjects = new Map([...found].filter(([, { place }]) => staffCovers(staff, place, tree)));
    const rows = checkedRows(given, subjects, importing, tree);
    const digest = digestOf(scheme, grading, rows);
    const run = this.runOf(importing, rows, staff);
    return this.database.transaction(async (manager) => {
      // Two that ask at once under one key: the second waits here.
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`imported_batch ${key}`]);
      const [known] = await manager.query<readonly { readonly run: string; readonly digest: string }[]>(
        'SELECT run_id AS run, digest FROM imported_batch WHERE key = $1',
        [key],
      );
      if (known !== undefined) {
        if (known.digest !== digest) throw new GatewayError('KEY_REUSED');
        return manager.findOneByOrFail(AssessmentRunEntity, { id: known.run });
      }
      await manager.insert(AssessmentRunEntity, run);
      await manager.query('INSERT INTO imported_batch (run_id, grading, key, digest) VALUES ($1, $2, $3, $4)', [
        run.id,
        grading.id,
        key,
        digest,
      ]);
      await keepRows(manager, run.id, grading, rows);
      const detail = { scheme, grading: grading.id, rows: rows.length };
      await this.audit.record(manager, { actor: staff.username, action: 'grades.imported', target: run.id, detail });
      return run;
    });
  }

  /**
   * A batch, for who is to release it.
   * @throws GatewayError NOT_FOUND, also outside the account's places
   */
  async read(
    id: string,
    staff: Staff,
  ): Promise<{
    readonly run: AssessmentRunEntity;
    readonly releasedBy: string | null;
    readonly rows: readonly (GivenGrade & { readonly name: string })[];
  }> {
    const [tree, book] = await Promise.all([this.places.tree(), this.schemes.book()]);
    const { manager } = this.database;
    const run = await manager.findOneBy(AssessmentRunEntity, { id });
    const place = run === null ? undefined : book.versionsOf(run.schemeId)[0]?.document.place;
    if (run === null || place === undefined || !staffCovers(staff, place, tree)) throw new GatewayError('NOT_FOUND');
    const rows = await manager.query<readonly (GivenGrade & { readonly name: string })[]>(
      `SELECT handle AS subject, name, result::jsonb -> 'grades' ->> metric AS grade, from_day::text AS from, to_day::text AS to, document
      FROM imported_grade JOIN assessment_result USING (run_id, subject_id) JOIN subject ON subject.id = subject_id
      WHERE run_id = $1 ORDER BY handle COLLATE "C"`,
      [id],
    );
    if (rows.length === 0) throw new GatewayError('NOT_FOUND');
    const [release] = await manager.query<readonly { readonly by: string }[]>(
      'SELECT released_by AS by FROM assessment_release WHERE run_id = $1',
      [id],
    );
    return { run, releasedBy: release?.by ?? null, rows };
  }

  private async gradingOf(scheme: string, named: string | undefined): Promise<ImportingGrading> {
    const book = await this.schemes.book();
    if (book.versionsOf(scheme).length === 0) throw new GatewayError('ENTRY_SCHEME_UNKNOWN');
    const version = book.inForce(scheme, this.schemes.today());
    const imported = (version?.document.gradings ?? []).filter((grading) => 'imported' in grading);
    const [only] = imported.length === 1 ? imported : [];
    const grading = named === undefined ? only : imported.find(({ id }) => id === named);
    if (version === undefined || grading === undefined) throw new GatewayError('IMPORT_NOT_BY_SCHEME');
    return { version, grading };
  }

  private runOf(
    { version, grading }: ImportingGrading,
    rows: readonly Row[],
    { username: madeBy }: Staff,
  ): AssessmentRunEntity {
    const { document, digest: schemeDigest, fingerprint } = version;
    const cutOff = this.clock.now();
    const period = shanghaiDay(cutOff);
    const isExported = exportedGrading(document)?.grading.id === grading.id;
    return {
      id: randomUUID(),
      period,
      periodTo: period,
      schemeId: document.id,
      schemeVersion: document.version,
      schemeDigest,
      fingerprint,
      // There is no metric: the results stand under the grading's own name.
      exportedMetric: isExported ? grading.id : null,
      exportedGrading: isExported ? grading.id : null,
      cutOff,
      madeBy,
      counts: countsOf(grading, rows),
    };
  }
}

function checkedRows(
  given: readonly GivenGrade[],
  subjects: ReadonlyMap<string, SubjectEntity>,
  { version: { document }, grading }: ImportingGrading,
  tree: PlaceTree,
): readonly Row[] {
  const kind = subjectOf(document, grading);
  const grades = gradesOf(grading);
  const seen = new Set<string>();
  return given.map((row, at) => {
    const subject = subjects.get(row.subject);
    if (subject === undefined) throw refusal('SUBJECT_UNKNOWN', at, 'subject');
    if (subject.endedOn !== null) throw refusal('SUBJECT_ENDED', at, 'subject');
    if (subject.kind !== kind) throw refusal('SUBJECT_KIND_WRONG', at, 'subject');
    if (!subject.hasAccount) throw refusal('SUBJECT_NOT_SCORED', at, 'subject');
    if (!tree.isWithin(subject.place, document.place)) throw refusal('SUBJECT_OUTSIDE_SCHEME', at, 'subject');
    if (seen.has(subject.id)) throw refusal('BODY_INVALID', at, 'subject');
    seen.add(subject.id);
    if (row.grade !== null && !grades.includes(row.grade)) throw refusal('GRADE_UNKNOWN', at, 'grade');
    if (row.to < row.from) throw refusal('BODY_INVALID', at, 'to');
    const { grade, from, to, document: number } = row;
    return { subject: subject.id, grade, from, to, document: number };
  });
}

function countsOf({ id }: Grading, rows: readonly Row[]): GradeCounts {
  const counts: Record<string, number> = {};
  for (const { grade } of rows) if (grade !== null) counts[grade] = (counts[grade] ?? 0) + 1;
  return { [id]: counts };
}

function digestOf(scheme: string, { id }: Grading, rows: readonly Row[]): string {
  const facts = rows.map(({ subject, grade, from, to, document }) => [subject, grade, from, to, document]);
  return createHash('sha256')
    .update(JSON.stringify([scheme, id, facts]))
    .digest('base64url');
}

async function keepRows(manager: EntityManager, run: string, { id }: Grading, rows: readonly Row[]): Promise<void> {
  const kept = rows.map((row) => {
    const grades = row.grade === null ? {} : { [id]: row.grade };
    return { ...row, result: new TextDecoder().decode(canonicalJson({ grades })) };
  });
  await manager.query(
    `WITH given AS (
      SELECT * FROM jsonb_to_recordset($1) AS row (subject uuid, result text, "from" date, "to" date, document text)
    ), graded AS (
      INSERT INTO assessment_result (subject_id, run_id, metric, result) SELECT subject, $2::uuid, $3::text, result FROM given
    )
    INSERT INTO imported_grade (run_id, subject_id, from_day, to_day, document)
    SELECT $2::uuid, subject, "from", "to", document FROM given`,
    [JSON.stringify(kept), run, id],
  );
}

function refusal(code: ErrorCode, at: number, member: string): GatewayError {
  return new GatewayError(code, { fields: [{ path: `/rows/${at}/${member}`, message: 'is refused' }] });
}
