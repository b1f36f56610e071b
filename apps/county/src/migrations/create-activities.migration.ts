import type { MigrationInterface, QueryRunner } from 'typeorm';

const ACTIVITIES = [
  `CREATE TABLE activity (
    id uuid PRIMARY KEY,
    key text NOT NULL UNIQUE,
    scheme_id text NOT NULL,
    kind text NOT NULL,
    place text NOT NULL REFERENCES place (id),
    day date NOT NULL,
    title text NOT NULL,
    hours_expected integer,
    called_by text NOT NULL,
    called_at timestamptz NOT NULL,
    sheet_key text,
    sheet jsonb,
    closed_by text,
    closed_at timestamptz,
    CHECK ((closed_at IS NULL) = (sheet IS NULL) AND (closed_at IS NULL) = (sheet_key IS NULL) AND (closed_at IS NULL) = (closed_by IS NULL))
  )`,
  'CREATE INDEX activity_of_place ON activity (place, day)',
  'CREATE INDEX activity_of_scheme ON activity (scheme_id, day)',
  // An activity is called, and closed by its sheet, once.
  `CREATE TRIGGER activity_closed BEFORE UPDATE ON activity FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL OR NEW.closed_at IS NULL)
    EXECUTE FUNCTION county_refuses_change()`,
  `CREATE TRIGGER activity_stays BEFORE DELETE OR TRUNCATE ON activity
    FOR EACH STATEMENT EXECUTE FUNCTION county_refuses_change()`,
  `CREATE TABLE activity_sign_up (
    activity_id uuid NOT NULL REFERENCES activity (id),
    subject_id uuid NOT NULL REFERENCES subject (id),
    signed_up_by text NOT NULL,
    signed_up_at timestamptz NOT NULL,
    PRIMARY KEY (activity_id, subject_id)
  )`,
];

/** Calls for hands, who said they would come, and the sheets on which they signed in. */
export class CreateActivities1796000700000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of ACTIVITIES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE activity_sign_up, activity');
  }
}
