import type { MigrationInterface, QueryRunner } from 'typeorm';

const WALLETS = [
  `CREATE TABLE wallet (
    scheme_id text NOT NULL,
    subject_id uuid NOT NULL REFERENCES subject (id),
    balance bigint NOT NULL DEFAULT 0 CHECK (balance >= 0),
    shortage bigint NOT NULL DEFAULT 0 CHECK (shortage >= 0),
    PRIMARY KEY (scheme_id, subject_id),
    CHECK (balance = 0 OR shortage = 0)
  )`,
  'CREATE INDEX wallet_short ON wallet (scheme_id, subject_id) WHERE shortage > 0',
  // Both sides of one move: the wallet's balance is the sum of the points, its open shortage the sum of the shortages.
  `CREATE TABLE posting (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scheme_id text NOT NULL,
    subject_id uuid NOT NULL,
    points bigint NOT NULL,
    shortage bigint NOT NULL,
    cause text NOT NULL CHECK (cause IN ('entry', 'redemption', 'return', 'transfer', 'shortage_settled', 'merge')),
    key text NOT NULL,
    posted_at timestamptz NOT NULL,
    posted_by text NOT NULL,
    reason text,
    FOREIGN KEY (scheme_id, subject_id) REFERENCES wallet (scheme_id, subject_id),
    CHECK (points <> 0 OR shortage <> 0)
  )`,
  // What an entry makes changes as often as the entry does; everything else happens once under its key.
  "CREATE UNIQUE INDEX posting_once ON posting (scheme_id, subject_id, key) WHERE cause <> 'entry'",
  'CREATE INDEX posting_of_wallet ON posting (scheme_id, subject_id, id)',
  `CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON posting
    FOR EACH STATEMENT EXECUTE FUNCTION county_refuses_change()`,
];

export class CreateWallets1796000400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of WALLETS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE posting, wallet');
  }
}
