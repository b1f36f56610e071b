import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Anchors after the pinned one; a delegation gains signatures, and nothing else of it ever changes. */
export class AddRootRotation1795000600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE anchor (
        version integer PRIMARY KEY,
        digest text NOT NULL UNIQUE,
        payload text NOT NULL,
        signatures text[] NOT NULL,
        received_at bigint NOT NULL,
        received_by text NOT NULL
      )`);
    await runner.query(`
      CREATE TRIGGER anchor_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON anchor
      FOR EACH STATEMENT EXECUTE FUNCTION alliance_records_are_kept()`);
    await runner.query('DROP TRIGGER delegation_is_kept ON delegation');
    await runner.query(`
      CREATE TRIGGER delegation_is_kept BEFORE DELETE OR TRUNCATE ON delegation
      FOR EACH STATEMENT EXECUTE FUNCTION alliance_records_are_kept()`);
    await runner.query(`
      CREATE FUNCTION delegation_only_gains_signatures() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NOT OLD.signatures <@ NEW.signatures
          OR (OLD.epoch, OLD.digest, OLD.payload, OLD.online_kid, OLD.received_at, OLD.received_by)
          IS DISTINCT FROM (NEW.epoch, NEW.digest, NEW.payload, NEW.online_kid, NEW.received_at, NEW.received_by) THEN
          RAISE EXCEPTION 'alliance records are kept' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
      END $$`);
    await runner.query(`
      CREATE TRIGGER delegation_only_gains_signatures BEFORE UPDATE ON delegation
      FOR EACH ROW EXECUTE FUNCTION delegation_only_gains_signatures()`);
    await this.setCauses(runner, ['founding', 'round', 'suspension', 'schedule', 'anchor']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await this.setCauses(runner, ['founding', 'round', 'suspension', 'schedule']);
    await runner.query('DROP TRIGGER delegation_only_gains_signatures ON delegation');
    await runner.query('DROP FUNCTION delegation_only_gains_signatures');
    await runner.query('DROP TRIGGER delegation_is_kept ON delegation');
    await runner.query(`
      CREATE TRIGGER delegation_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON delegation
      FOR EACH STATEMENT EXECUTE FUNCTION alliance_records_are_kept()`);
    await runner.query('DROP TABLE anchor');
  }

  private async setCauses(runner: QueryRunner, causes: readonly string[]): Promise<void> {
    const list = causes.map((cause) => `'${cause}'`).join(', ');
    await runner.query(`
      ALTER TABLE head DROP CONSTRAINT head_cause_check,
        ADD CONSTRAINT head_cause_check CHECK (cause IN (${list}))`);
  }
}
