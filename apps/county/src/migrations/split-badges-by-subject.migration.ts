import type { MigrationInterface, QueryRunner } from 'typeorm';

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** A holder's badges of two households are two. */
export class SplitBadgesBySubject1796000821000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX attestation_of_epoch');
    await runner.query(
      `CREATE UNIQUE INDEX attestation_of_epoch
      ON attestation (holder, iat, coalesce(badge_scheme, ''), coalesce(badge_grading, ''), coalesce(badge_subject, '${NOBODY}'))
      WHERE revoked_at IS NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX attestation_of_epoch');
    await runner.query(
      `CREATE UNIQUE INDEX attestation_of_epoch ON attestation (holder, iat, coalesce(badge_scheme, ''), coalesce(badge_grading, ''))
      WHERE revoked_at IS NULL`,
    );
  }
}
