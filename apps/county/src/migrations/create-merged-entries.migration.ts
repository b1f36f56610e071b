import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which entries a merge of two subjects gave to the survivor. */
export class CreateMergedEntries1796000410000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE merged_entry (
      merge_id uuid NOT NULL REFERENCES subject_merge (id),
      entry_id text NOT NULL REFERENCES ledger_entry (id),
      PRIMARY KEY (merge_id, entry_id)
    )`);
    await runner.query(`CREATE TRIGGER merged_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON merged_entry
      FOR EACH STATEMENT EXECUTE FUNCTION county_refuses_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE merged_entry');
  }
}
