import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The anchors a gate accepted after the pinned one, and which of them each accepted head stood under. */
export class AddAnchors1795000500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE accepted_anchor (
      version integer PRIMARY KEY,
      payload text NOT NULL,
      signatures text[] NOT NULL
    )`);
    await runner.query('ALTER TABLE accepted_head ADD COLUMN anchor_version integer NOT NULL DEFAULT 1');
    await runner.query('ALTER TABLE accepted_head ALTER COLUMN anchor_version DROP DEFAULT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE accepted_head DROP COLUMN anchor_version');
    await runner.query('DROP TABLE accepted_anchor');
  }
}
