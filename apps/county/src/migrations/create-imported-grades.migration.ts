import type { MigrationInterface, QueryRunner } from 'typeorm';

const IMPORTS = [
  // A batch is a run like any other; here is what only an import has.
  `CREATE TABLE imported_batch (
    run_id uuid PRIMARY KEY REFERENCES assessment_run (id),
    grading text NOT NULL,
    key text NOT NULL UNIQUE,
    digest text NOT NULL
  )`,
  `CREATE TABLE imported_grade (
    run_id uuid NOT NULL REFERENCES imported_batch (run_id),
    subject_id uuid NOT NULL REFERENCES subject (id),
    from_day date NOT NULL,
    to_day date NOT NULL,
    document text NOT NULL,
    PRIMARY KEY (run_id, subject_id),
    CHECK (to_day >= from_day)
  )`,
  'CREATE INDEX imported_grade_ends ON imported_grade (to_day)',
  'CREATE INDEX imported_grade_begins ON imported_grade (from_day)',
  ...['imported_batch', 'imported_grade'].map(
    (table) => `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION county_refuses_change()`,
  ),
];

/** Grades that another system computes: from when to when they hold, and which document says so. */
export class CreateImportedGrades1796000710000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of IMPORTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE imported_grade, imported_batch');
  }
}
