import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a gate keeps: its trust with every document it ever acted on, status lists, receipts, and the memory of its sites. */
export class CreateGateTables1795000400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...TRUST, ...VERIFICATIONS, ...MEMORY, ...SESSIONS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE coupon, verification_session, daily_count, quota_use, seen_proof, verification,
      held_status_list, time_floor, accepted_head, document_set, alliance_document`);
  }
}

const TRUST = [
  // Content-addressed and kept for ever: a receipt is replayed from here.
  `CREATE TABLE alliance_document (
    digest text PRIMARY KEY,
    type text NOT NULL,
    payload text NOT NULL,
    signatures text[] NOT NULL
  )`,
  `CREATE TABLE document_set (docs_root text PRIMARY KEY, digests text[] NOT NULL)`,
  `CREATE TABLE accepted_head (
    epoch bigint NOT NULL,
    seq bigint NOT NULL,
    digest text NOT NULL UNIQUE,
    head text NOT NULL,
    delegation jsonb NOT NULL,
    round jsonb NOT NULL,
    docs_root text NOT NULL REFERENCES document_set (docs_root),
    accepted_at bigint NOT NULL,
    PRIMARY KEY (epoch, seq)
  )`,
  `CREATE TABLE time_floor (id smallint PRIMARY KEY CHECK (id = 1), floor bigint NOT NULL)`,
  `CREATE TABLE held_status_list (
    uri text PRIMARY KEY,
    kid text NOT NULL,
    iat bigint NOT NULL,
    token text NOT NULL
  )`,
];

const VERIFICATIONS = [
  `CREATE TABLE verification (
    id uuid PRIMARY KEY,
    partner text NOT NULL,
    site text NOT NULL,
    offer text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('granted', 'check_by_hand')),
    counted boolean NOT NULL,
    decided_at bigint NOT NULL,
    granted jsonb NOT NULL,
    receipt text NOT NULL,
    decision text CHECK (decision IN ('accepted', 'declined')),
    decision_record text,
    decision_at bigint,
    voided_at bigint,
    void_reason text,
    void_record text
  )`,
];

const MEMORY = [
  // Digests only: no key, nonce or presentation is kept.
  `CREATE TABLE seen_proof (
    holder text NOT NULL,
    nonce text NOT NULL,
    proof text NOT NULL,
    site text NOT NULL,
    lane text NOT NULL,
    verification_id uuid NOT NULL REFERENCES verification (id),
    seen_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (holder, nonce)
  )`,
  `CREATE INDEX seen_proof_expiry ON seen_proof (expires_at)`,
  `CREATE TABLE quota_use (
    verification_id uuid PRIMARY KEY REFERENCES verification (id),
    subject text NOT NULL,
    offer text NOT NULL,
    period text NOT NULL,
    day text NOT NULL,
    used_at bigint NOT NULL,
    freed_at bigint
  )`,
  `CREATE INDEX quota_use_subject ON quota_use (subject, offer, period) WHERE freed_at IS NULL`,
  `CREATE INDEX quota_use_day ON quota_use (offer, day) WHERE freed_at IS NULL`,
  `CREATE INDEX quota_use_age ON quota_use (day)`,
  `CREATE TABLE daily_count (
    day text NOT NULL,
    site text NOT NULL,
    offer text NOT NULL,
    kind text NOT NULL,
    n bigint NOT NULL,
    PRIMARY KEY (day, site, offer, kind)
  )`,
];

const SESSIONS = [
  `CREATE TABLE verification_session (
    id uuid PRIMARY KEY,
    site text NOT NULL,
    partner text NOT NULL,
    offer text NOT NULL,
    order_ref text NOT NULL,
    party jsonb NOT NULL,
    visit_day text,
    client_id text NOT NULL,
    nonce text NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    verification_id uuid REFERENCES verification (id),
    proof text
  )`,
  `CREATE INDEX verification_session_order ON verification_session (offer, order_ref)`,
  `CREATE TABLE coupon (
    code text PRIMARY KEY,
    verification_id uuid NOT NULL UNIQUE REFERENCES verification (id),
    site text NOT NULL,
    percent smallint NOT NULL,
    order_ref text,
    redeemed_at bigint,
    redeemed_order text,
    voided_at bigint
  )`,
];
