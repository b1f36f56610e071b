import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Audit records are sealed in batches: a record takes its seal once, and nothing else of it ever changes. */
export class AddAuditSeals1796000020000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audit_seal (
        seq integer PRIMARY KEY CHECK (seq > 0),
        prev text UNIQUE REFERENCES audit_seal (digest),
        count integer NOT NULL CHECK (count > 0),
        sealed_at integer NOT NULL,
        digest text NOT NULL UNIQUE,
        CHECK ((seq = 1) = (prev IS NULL))
      )`);
    await runner.query('ALTER TABLE audit_record ADD COLUMN seal integer REFERENCES audit_seal (seq)');
    // Both partial: whoever writes a record pays for the small one of what is not sealed yet, the sealer for the other.
    await runner.query('CREATE INDEX audit_record_unsealed ON audit_record (id) WHERE seal IS NULL');
    await runner.query('CREATE INDEX audit_record_sealed ON audit_record (seal, id) WHERE seal IS NOT NULL');
    await runner.query('DROP TRIGGER audit_record_append_only ON audit_record');
    await runner.query(`
      CREATE TRIGGER audit_record_append_only BEFORE DELETE OR TRUNCATE ON audit_record
      FOR EACH STATEMENT EXECUTE FUNCTION audit_record_is_append_only()`);
    await runner.query(`
      CREATE FUNCTION audit_record_is_sealed_once() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.seal IS NULL AND NEW.seal IS NOT NULL
          AND (NEW.id, NEW.at, NEW.actor, NEW.action, NEW.target, NEW.detail)
            IS NOT DISTINCT FROM (OLD.id, OLD.at, OLD.actor, OLD.action, OLD.target, OLD.detail)
        THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'audit records are append-only' USING ERRCODE = 'restrict_violation';
      END $$`);
    await runner.query(`
      CREATE TRIGGER audit_record_sealed_once BEFORE UPDATE ON audit_record
      FOR EACH ROW EXECUTE FUNCTION audit_record_is_sealed_once()`);
    await runner.query(`
      CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
      FOR EACH STATEMENT EXECUTE FUNCTION audit_record_is_append_only()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER audit_record_sealed_once ON audit_record');
    await runner.query('DROP FUNCTION audit_record_is_sealed_once');
    await runner.query('ALTER TABLE audit_record DROP COLUMN seal');
    await runner.query('DROP TABLE audit_seal');
    await runner.query('DROP TRIGGER audit_record_append_only ON audit_record');
    await runner.query(`
      CREATE TRIGGER audit_record_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_record
      FOR EACH STATEMENT EXECUTE FUNCTION audit_record_is_append_only()`);
  }
}
