import type { MigrationInterface, QueryRunner } from 'typeorm';

const DAYS = [
  // The row is the lock: who sells holds it in share until the sale is kept, who closes holds it alone.
  `CREATE TABLE redemption_day (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    scheme_id text NOT NULL,
    on_day date NOT NULL,
    title text NOT NULL,
    has_list boolean NOT NULL,
    state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'settled', 'open', 'closed')),
    planned_at timestamptz NOT NULL,
    planned_by text NOT NULL,
    settlement jsonb,
    settled_at timestamptz,
    settled_by text,
    opened_at timestamptz,
    opened_by text,
    reconciliation jsonb,
    closed_at timestamptz,
    closed_by text,
    CHECK (state = 'planned' OR (settlement -> 'differences' = '[]' AND settled_at IS NOT NULL)),
    CHECK ((state IN ('open', 'closed')) = (opened_at IS NOT NULL)),
    CHECK ((state = 'closed') = (closed_at IS NOT NULL AND reconciliation IS NOT NULL))
  )`,
  // Whose shops sell on the day: one, or all that share a calendar.
  `CREATE TABLE redemption_day_scheme (
    day_id uuid NOT NULL REFERENCES redemption_day (id),
    scheme_id text NOT NULL,
    PRIMARY KEY (day_id, scheme_id)
  )`,
  'CREATE INDEX redemption_day_of_scheme ON redemption_day_scheme (scheme_id)',
  `CREATE TABLE redemption_day_invited (
    day_id uuid NOT NULL REFERENCES redemption_day (id),
    subject_id uuid NOT NULL REFERENCES subject (id),
    PRIMARY KEY (day_id, subject_id)
  )`,
  // What was signed for on paper and entered afterwards: a line of the printed list and a column of it.
  `CREATE TABLE redemption_day_line (
    day_id uuid NOT NULL REFERENCES redemption_day (id),
    scheme_id text NOT NULL,
    line integer NOT NULL CHECK (line > 0),
    sku text NOT NULL,
    subject_id uuid NOT NULL REFERENCES subject (id),
    redemption_id uuid NOT NULL UNIQUE REFERENCES redemption (id),
    shortage bigint NOT NULL,
    PRIMARY KEY (day_id, scheme_id, line, sku)
  )`,
  `CREATE TRIGGER redemption_day_closed BEFORE UPDATE ON redemption_day
    FOR EACH ROW WHEN (OLD.state = 'closed') EXECUTE FUNCTION county_refuses_change()`,
  `CREATE TRIGGER redemption_day_kept BEFORE DELETE OR TRUNCATE ON redemption_day
    FOR EACH STATEMENT EXECUTE FUNCTION county_refuses_change()`,
  ...['redemption_day_scheme', 'redemption_day_invited', 'redemption_day_line'].map(
    (table) => `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION county_refuses_change()`,
  ),
  // Whoever was absorbed meanwhile is the subject that it turned out to be; the way ends, see survivorOf.
  `CREATE FUNCTION survivor_of(uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
    WITH RECURSIVE way AS (
      SELECT id, merged_into FROM subject WHERE id = $1
      UNION ALL SELECT subject.id, subject.merged_into FROM way JOIN subject ON subject.id = way.merged_into
    ) SELECT id FROM way WHERE merged_into IS NULL
  $$`,
];

export class CreateRedemptionDays1796000610000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of DAYS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION survivor_of(uuid)');
    await runner.query('DROP TABLE redemption_day_line, redemption_day_invited, redemption_day_scheme, redemption_day');
  }
}
