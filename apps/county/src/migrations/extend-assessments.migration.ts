import type { MigrationInterface, QueryRunner } from 'typeorm';

const RUNS = [
  'ALTER TABLE assessment_run DISABLE TRIGGER assessment_run_append_only',
  'ALTER TABLE assessment_run RENAME COLUMN year TO period',
  'ALTER TABLE assessment_run ALTER COLUMN period TYPE text USING period::text',
  `ALTER TABLE assessment_run
    ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    ADD COLUMN period_to date,
    ADD COLUMN exported_metric text,
    ADD COLUMN exported_grading text,
    ADD COLUMN counts jsonb NOT NULL DEFAULT '{}'`,
  // So far there were calendar years only, and runs of the scheme whose grades leave the county.
  `UPDATE assessment_run AS run SET period_to = (period || '-12-31')::date,
    exported_metric = grading -> 'bands' ->> 'metric', exported_grading = grading ->> 'id'
  FROM scheme_version AS version, jsonb_array_elements(version.document -> 'gradings') AS grading
  WHERE (version.scheme_id, version.version, version.digest) = (run.scheme_id, run.scheme_version, run.scheme_digest)
    AND grading ? 'positive_floor'`,
  'ALTER TABLE assessment_run ALTER COLUMN period_to SET NOT NULL',
  'ALTER TABLE assessment_run ENABLE TRIGGER assessment_run_append_only',
];

const RESULTS = [
  // Written by one statement from the subjects themselves: a foreign key would look each of a million rows up again.
  `CREATE TABLE assessment_result (
    subject_id uuid NOT NULL,
    run_id uuid NOT NULL,
    metric text NOT NULL,
    result text NOT NULL,
    PRIMARY KEY (subject_id, run_id, metric)
  )`,
  `INSERT INTO assessment_result
    SELECT resident_id, run_id, exported_metric, '{"grades":{' || to_json(exported_grading)::text || ':' || to_json(grade)::text
      || '},"value":{"den":1,"num":' || score || '}}'
    FROM assessment JOIN assessment_run AS run ON run.id = run_id`,
  'DROP TABLE assessment',
  `CREATE TABLE assessment_release (
    run_id uuid PRIMARY KEY REFERENCES assessment_run (id),
    released_by text NOT NULL,
    released_at timestamptz NOT NULL,
    revoked integer NOT NULL
  )`,
  // What one person made counted at once.
  'INSERT INTO assessment_release SELECT id, made_by, cut_off, 0 FROM assessment_run',
  ...['assessment_result', 'assessment_release'].map(
    (table) => `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION county_refuses_change()`,
  ),
];

/** Assessments of any period by any scheme, which a second person releases. What was assessed so far stays in effect. */
export class ExtendAssessments1796000500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...RUNS, ...RESULTS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE assessment_release, assessment_result');
    await runner.query(
      `ALTER TABLE assessment_run DROP COLUMN number, DROP COLUMN period_to, DROP COLUMN exported_metric,
        DROP COLUMN exported_grading, DROP COLUMN counts`,
    );
    await runner.query('ALTER TABLE assessment_run ALTER COLUMN period TYPE integer USING left(period, 4)::integer');
    await runner.query('ALTER TABLE assessment_run RENAME COLUMN period TO year');
    await runner.query(`CREATE TABLE assessment (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      run_id uuid NOT NULL REFERENCES assessment_run (id),
      resident_id uuid NOT NULL REFERENCES resident (id),
      year integer NOT NULL,
      base integer NOT NULL,
      score integer NOT NULL,
      grade text NOT NULL,
      lines jsonb NOT NULL,
      UNIQUE (run_id, resident_id)
    )`);
  }
}
