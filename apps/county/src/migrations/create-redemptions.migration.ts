import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happens once under a client's key, and what was answered. */
const REQUESTS = `CREATE TABLE kept_request (
  key text PRIMARY KEY,
  kind text NOT NULL,
  content text NOT NULL,
  answer json NOT NULL,
  kept_at timestamptz NOT NULL,
  kept_by text NOT NULL
)`;

/** Each row is a lock; its figure is the sum of its movements, and never below zero. */
const STOCK_AND_FUNDS = [
  `CREATE TABLE stock (
    scheme_id text NOT NULL,
    sku text NOT NULL,
    pieces integer NOT NULL DEFAULT 0 CHECK (pieces >= 0),
    PRIMARY KEY (scheme_id, sku)
  )`,
  `CREATE TABLE stock_movement (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scheme_id text NOT NULL,
    sku text NOT NULL,
    pieces integer NOT NULL,
    cause text NOT NULL CHECK (cause IN ('delivery', 'redemption', 'return', 'count')),
    key text NOT NULL,
    reason text,
    moved_at timestamptz NOT NULL,
    moved_by text NOT NULL,
    FOREIGN KEY (scheme_id, sku) REFERENCES stock (scheme_id, sku),
    -- A count that finds everything in its place is on record too.
    CHECK (pieces <> 0 OR cause = 'count')
  )`,
  'CREATE INDEX stock_movement_of ON stock_movement (scheme_id, sku, id)',
  `CREATE TABLE fund (
    owner text NOT NULL,
    id text NOT NULL,
    balance_fen bigint NOT NULL DEFAULT 0 CHECK (balance_fen >= 0),
    PRIMARY KEY (owner, id)
  )`,
  `CREATE TABLE fund_movement (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner text NOT NULL,
    fund text NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen <> 0),
    cause text NOT NULL CHECK (cause IN ('award', 'collective', 'sponsor', 'donation', 'awarded', 'delivery')),
    key text NOT NULL,
    note text NOT NULL,
    moved_at timestamptz NOT NULL,
    moved_by text NOT NULL,
    FOREIGN KEY (owner, fund) REFERENCES fund (owner, id)
  )`,
  'CREATE INDEX fund_movement_of ON fund_movement (owner, fund, id)',
];

const REDEMPTIONS = [
  `CREATE TABLE redemption (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    key text NOT NULL UNIQUE,
    scheme_id text NOT NULL,
    scheme_version integer NOT NULL,
    scheme_digest text NOT NULL,
    shop_id text NOT NULL,
    shop_version integer NOT NULL,
    shop_digest text NOT NULL,
    area text,
    subject_id uuid NOT NULL REFERENCES subject (id),
    collected_by uuid REFERENCES subject (id),
    day_id uuid,
    on_day date NOT NULL,
    on_paper boolean NOT NULL,
    points bigint NOT NULL CHECK (points > 0),
    redeemed_at timestamptz NOT NULL,
    redeemed_by text NOT NULL
  )`,
  'CREATE INDEX redemption_of_subject ON redemption (subject_id, shop_id, on_day)',
  'CREATE INDEX redemption_of_scheme ON redemption (scheme_id, on_day)',
  'CREATE INDEX redemption_of_day ON redemption (day_id) WHERE day_id IS NOT NULL',
  `CREATE TABLE redemption_line (
    redemption_id uuid NOT NULL REFERENCES redemption (id),
    place integer NOT NULL,
    sku text NOT NULL,
    n integer NOT NULL CHECK (n > 0),
    price_points integer NOT NULL,
    PRIMARY KEY (redemption_id, sku)
  )`,
  `CREATE TABLE redemption_return (
    id uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    redemption_id uuid NOT NULL REFERENCES redemption (id),
    on_day date NOT NULL,
    points bigint NOT NULL CHECK (points > 0),
    reason text NOT NULL,
    returned_at timestamptz NOT NULL,
    returned_by text NOT NULL
  )`,
  'CREATE INDEX redemption_return_of ON redemption_return (redemption_id)',
  `CREATE TABLE redemption_return_line (
    return_id uuid NOT NULL REFERENCES redemption_return (id),
    sku text NOT NULL,
    n integer NOT NULL CHECK (n > 0),
    PRIMARY KEY (return_id, sku)
  )`,
  // Whoever reads this table cannot have been given a code: only digests are kept.
  `CREATE TABLE card_code (
    digest text PRIMARY KEY,
    redemption_id uuid NOT NULL,
    sku text NOT NULL,
    place integer NOT NULL,
    used_at timestamptz,
    used_by text,
    voided_at timestamptz,
    FOREIGN KEY (redemption_id, sku) REFERENCES redemption_line (redemption_id, sku),
    UNIQUE (redemption_id, sku, place),
    CHECK (used_at IS NULL OR voided_at IS NULL)
  )`,
];

/** Points spent in another village's shop: the fund of the one owes what the fund of the other has handed out. */
const AREAS = [
  `CREATE TABLE area_debt (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    area text NOT NULL,
    redemption_id uuid NOT NULL REFERENCES redemption (id),
    debtor_scheme text NOT NULL,
    debtor_fund text,
    creditor_scheme text NOT NULL,
    creditor_fund text,
    points bigint NOT NULL CHECK (points <> 0),
    arisen_at timestamptz NOT NULL
  )`,
  'CREATE INDEX area_debt_of ON area_debt (area, id)',
  `CREATE TABLE area_clearing (
    id uuid PRIMARY KEY,
    area text NOT NULL,
    cleared_at timestamptz NOT NULL,
    cleared_by text NOT NULL
  )`,
  `CREATE TABLE area_clearing_row (
    clearing_id uuid NOT NULL REFERENCES area_clearing (id),
    scheme_id text NOT NULL,
    fund text,
    points bigint NOT NULL,
    UNIQUE NULLS NOT DISTINCT (clearing_id, scheme_id, fund)
  )`,
  `CREATE TABLE area_debt_cleared (
    debt_id bigint PRIMARY KEY REFERENCES area_debt (id),
    clearing_id uuid NOT NULL REFERENCES area_clearing (id)
  )`,
];

const APPEND_ONLY = [
  'kept_request',
  'stock_movement',
  'fund_movement',
  'redemption',
  'redemption_line',
  'redemption_return',
  'redemption_return_line',
  'area_debt',
  'area_clearing',
  'area_clearing_row',
  'area_debt_cleared',
];

export class CreateRedemptions1796000600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [REQUESTS, ...STOCK_AND_FUNDS, ...REDEMPTIONS, ...AREAS]) await runner.query(statement);
    for (const table of APPEND_ONLY)
      await runner.query(`CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION county_refuses_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE area_debt_cleared, area_clearing_row, area_clearing, area_debt, card_code, redemption_return_line,
        redemption_return, redemption_line, redemption, fund_movement, fund, stock_movement, stock, kept_request`,
    );
  }
}
