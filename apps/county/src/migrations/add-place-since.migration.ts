import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when a subject belongs to its place; NULL where it always has. */
export class AddPlaceSince1796000820000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE subject ADD COLUMN place_since timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE subject DROP COLUMN place_since');
  }
}
