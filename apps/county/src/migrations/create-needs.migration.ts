import type { MigrationInterface, QueryRunner } from 'typeorm';

const NEEDS = [
  // Nothing is deleted: what a later list leaves out is void from then on.
  `CREATE TABLE subject_need (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject_id uuid NOT NULL REFERENCES subject (id),
    need text NOT NULL,
    from_day date NOT NULL,
    to_day date,
    document text NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    voided_at timestamptz,
    CHECK (to_day >= from_day)
  )`,
  'CREATE INDEX subject_need_standing ON subject_need (subject_id) WHERE voided_at IS NULL',
];

/** Why people are helped without any points: 五保户, 低保户 and the like. */
export class CreateNeeds1796000720000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of NEEDS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE subject_need');
  }
}
