import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateStaffTables1795000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE staff_account (
        id uuid PRIMARY KEY,
        username text NOT NULL UNIQUE,
        password_hash text NOT NULL,
        display_name text NOT NULL,
        organisation text NOT NULL,
        roles text[] NOT NULL,
        scope text,
        sample boolean NOT NULL,
        disabled_at timestamptz
      )`);
    await runner.query(`
      CREATE TABLE staff_session (
        token_digest text PRIMARY KEY,
        account_id uuid NOT NULL REFERENCES staff_account (id),
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz
      )`);
    await runner.query('CREATE INDEX staff_session_account ON staff_session (account_id)');
    await runner.query(`
      CREATE TABLE audit_record (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL,
        actor text NOT NULL,
        action text NOT NULL,
        target text,
        detail jsonb NOT NULL
      )`);
    // A statement trigger: it also refuses TRUNCATE, and statements that would match no row.
    await runner.query(`
      CREATE FUNCTION audit_record_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'audit records are append-only' USING ERRCODE = 'restrict_violation';
      END $$`);
    await runner.query(`
      CREATE TRIGGER audit_record_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_record
      FOR EACH STATEMENT EXECUTE FUNCTION audit_record_is_append_only()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_record, staff_session, staff_account');
    await runner.query('DROP FUNCTION audit_record_is_append_only');
  }
}
