import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A re-entry rests on a use at a lane, never on a sale; a card that was turned away is a new visit when it comes again. */
export class AddLaneUses1795000600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // What is not known to have been at a lane earns no re-entry.
    await runner.query('ALTER TABLE quota_use ADD COLUMN at_lane boolean NOT NULL DEFAULT false');
    await runner.query('ALTER TABLE quota_use ALTER COLUMN at_lane DROP DEFAULT');
    await runner.query('ALTER TABLE seen_proof ADD COLUMN is_paper boolean NOT NULL DEFAULT false');
    await runner.query('ALTER TABLE seen_proof ALTER COLUMN is_paper DROP DEFAULT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE seen_proof DROP COLUMN is_paper');
    await runner.query('ALTER TABLE quota_use DROP COLUMN at_lane');
  }
}
