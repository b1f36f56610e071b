import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Roles become grants, each with its own place; an account may belong to a subject; a password may be for one use. */
export class AddStaffGrants1796000010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE staff_account
        ADD COLUMN grants jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(grants) = 'array'),
        ADD COLUMN subject_id uuid,
        ADD COLUMN one_time_until timestamptz`);
    await runner.query(`
      UPDATE staff_account SET grants = coalesce(
        (SELECT jsonb_agg(jsonb_build_object('role', role, 'place', scope)) FROM unnest(roles) AS role), '[]')`);
    await runner.query(`
      ALTER TABLE staff_account ALTER COLUMN grants DROP DEFAULT, DROP COLUMN roles, DROP COLUMN scope`);
    await runner.query('CREATE INDEX staff_account_subject ON staff_account (subject_id)');
  }

  /** Grants at several places become roles at the first of them: there was no more to say. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE staff_account ADD COLUMN roles text[], ADD COLUMN scope text`);
    await runner.query(`
      UPDATE staff_account SET
        roles = coalesce((SELECT array_agg(DISTINCT each ->> 'role') FROM jsonb_array_elements(grants) AS each), '{}'),
        scope = grants -> 0 ->> 'place'`);
    await runner.query(`
      ALTER TABLE staff_account
        ALTER COLUMN roles SET NOT NULL, DROP COLUMN grants, DROP COLUMN subject_id, DROP COLUMN one_time_until`);
  }
}
