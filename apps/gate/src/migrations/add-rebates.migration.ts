import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A coupon lowers the price of its order; a cashback pays back a part of what the order came to. */
export class AddRebates1796000730000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE coupon
      ADD COLUMN kind text NOT NULL DEFAULT 'coupon' CHECK (kind IN ('coupon', 'cashback')),
      ADD COLUMN paid_fen integer CHECK (paid_fen > 0),
      ADD COLUMN rebate_fen integer CHECK (rebate_fen BETWEEN 0 AND paid_fen),
      ADD CHECK ((kind = 'cashback' AND redeemed_at IS NOT NULL) = (rebate_fen IS NOT NULL)),
      ADD CHECK ((paid_fen IS NULL) = (rebate_fen IS NULL))`);
    await runner.query('ALTER TABLE coupon ALTER COLUMN kind DROP DEFAULT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE coupon DROP COLUMN rebate_fen, DROP COLUMN paid_fen, DROP COLUMN kind');
  }
}
