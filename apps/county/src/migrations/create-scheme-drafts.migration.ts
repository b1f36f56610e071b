import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateSchemeDrafts1796000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE scheme_version ADD COLUMN written jsonb, ADD COLUMN adopted_by text');
    await runner.query(`CREATE TRIGGER scheme_version_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON scheme_version
      FOR EACH STATEMENT EXECUTE FUNCTION county_refuses_change()`);
    await runner.query(`CREATE TABLE scheme_draft (
      scheme_id text NOT NULL,
      version integer NOT NULL,
      place text NOT NULL REFERENCES place (id),
      written jsonb NOT NULL,
      drafted_by text NOT NULL,
      drafted_at timestamptz NOT NULL,
      PRIMARY KEY (scheme_id, version)
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE scheme_draft');
    await runner.query('DROP TRIGGER scheme_version_append_only ON scheme_version');
    await runner.query('ALTER TABLE scheme_version DROP COLUMN written, DROP COLUMN adopted_by');
  }
}
