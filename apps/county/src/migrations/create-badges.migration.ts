import type { MigrationInterface, QueryRunner } from 'typeorm';

const BADGES = [
  // A badge is another kind of data than a tier: consent names which (PIPL art. 23).
  'ALTER TABLE consent ADD COLUMN scheme_id text',
  "ALTER TABLE consent ADD CHECK ((data_kind = 'badge') = (scheme_id IS NOT NULL))",
  'DROP INDEX consent_standing',
  `CREATE UNIQUE INDEX consent_standing ON consent (resident_id, partner, purpose, data_kind, coalesce(scheme_id, ''))
    WHERE withdrawn_at IS NULL`,
  // Under which scheme and grading, and whose grade it is: the resident's own, or that of a household.
  `ALTER TABLE attestation ADD COLUMN badge_scheme text, ADD COLUMN badge_grading text,
    ADD COLUMN badge_subject uuid REFERENCES subject (id)`,
  `ALTER TABLE attestation ADD CHECK ((badge_scheme IS NULL) = (badge_grading IS NULL)
    AND (badge_scheme IS NULL) = (badge_subject IS NULL))`,
  'DROP INDEX attestation_of_epoch',
  `CREATE UNIQUE INDEX attestation_of_epoch ON attestation (holder, iat, coalesce(badge_scheme, ''), coalesce(badge_grading, ''))
    WHERE revoked_at IS NULL`,
  `CREATE INDEX attestation_badges ON attestation (badge_scheme, badge_grading)
    WHERE badge_scheme IS NOT NULL AND revoked_at IS NULL`,
];

/** Badges beside tiers, each under a consent of its own. */
export class CreateBadges1796000715000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of BADGES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX attestation_badges, attestation_of_epoch, consent_standing');
    await runner.query(
      'ALTER TABLE attestation DROP COLUMN badge_scheme, DROP COLUMN badge_grading, DROP COLUMN badge_subject',
    );
    await runner.query(
      'CREATE UNIQUE INDEX attestation_of_epoch ON attestation (holder, iat) WHERE revoked_at IS NULL',
    );
    await runner.query('ALTER TABLE consent DROP COLUMN scheme_id');
    await runner.query(
      'CREATE UNIQUE INDEX consent_standing ON consent (resident_id, partner, purpose) WHERE withdrawn_at IS NULL',
    );
  }
}
