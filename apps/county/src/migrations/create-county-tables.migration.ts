import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Scheme, residents, ledger and assessments: what a grade is made from. */
const SCORING = [
  `CREATE TABLE scheme_version (
    scheme_id text NOT NULL,
    version integer NOT NULL,
    digest text NOT NULL,
    fingerprint text NOT NULL,
    catalogue_digest text NOT NULL,
    document jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (scheme_id, version, digest)
  )`,
  `CREATE TABLE resident (
    id uuid PRIMARY KEY,
    handle text NOT NULL UNIQUE,
    name text NOT NULL,
    document_last4 text NOT NULL CHECK (length(document_last4) = 4),
    birth_year integer NOT NULL,
    created_at timestamptz NOT NULL
  )`,
  `CREATE TABLE ledger_entry (
    id text PRIMARY KEY,
    resident_id uuid NOT NULL REFERENCES resident (id),
    scheme_id text NOT NULL,
    scheme_version integer NOT NULL,
    rule_id text NOT NULL,
    quantity integer NOT NULL CHECK (quantity >= 0),
    occurred_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    state text NOT NULL CHECK (state IN (
      'declared', 'verified', 'publicised', 'effective', 'rejected', 'contested', 'upheld', 'reversed', 'expired'))
  )`,
  'CREATE INDEX ledger_entry_of_resident ON ledger_entry (resident_id, occurred_on)',
  'CREATE INDEX ledger_entry_recorded ON ledger_entry (recorded_at)',
  // The state may move on; what was recorded may not change, and no entry ever goes.
  `CREATE FUNCTION ledger_entry_keeps_its_content() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'ledger entries are append-only' USING ERRCODE = 'restrict_violation';
  END $$`,
  `CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_keeps_its_content()`,
  `CREATE FUNCTION county_refuses_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END $$`,
  `CREATE TRIGGER ledger_entry_stays BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION county_refuses_change()`,
  `CREATE TABLE assessment_run (
    id uuid PRIMARY KEY,
    year integer NOT NULL,
    scheme_id text NOT NULL,
    scheme_version integer NOT NULL,
    scheme_digest text NOT NULL,
    fingerprint text NOT NULL,
    cut_off timestamptz NOT NULL,
    made_by text NOT NULL,
    FOREIGN KEY (scheme_id, scheme_version, scheme_digest) REFERENCES scheme_version (scheme_id, version, digest)
  )`,
  `CREATE TABLE assessment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id uuid NOT NULL REFERENCES assessment_run (id),
    resident_id uuid NOT NULL REFERENCES resident (id),
    year integer NOT NULL,
    base integer NOT NULL,
    score integer NOT NULL,
    grade text NOT NULL,
    lines jsonb NOT NULL,
    UNIQUE (run_id, resident_id)
  )`,
  'CREATE INDEX assessment_latest ON assessment (resident_id, year DESC, id DESC)',
  ...['assessment_run', 'assessment'].map(
    (table) => `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION county_refuses_change()`,
  ),
];

/** Phones, consents, holder keys and what was issued to them. */
const ISSUING = [
  `CREATE TABLE enrolment (
    id uuid PRIMARY KEY,
    resident_id uuid NOT NULL REFERENCES resident (id),
    device_thumbprint text NOT NULL,
    device_x text NOT NULL,
    device_y text NOT NULL,
    made_at timestamptz NOT NULL,
    ended_at timestamptz
  )`,
  'CREATE UNIQUE INDEX enrolment_live ON enrolment (resident_id) WHERE ended_at IS NULL',
  'CREATE INDEX enrolment_device ON enrolment (device_thumbprint)',
  `CREATE TABLE enrolment_code (
    selector text PRIMARY KEY,
    resident_id uuid NOT NULL REFERENCES resident (id),
    secret_digest text NOT NULL,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    voided_at timestamptz,
    enrolment_id uuid REFERENCES enrolment (id)
  )`,
  'CREATE INDEX enrolment_code_of_resident ON enrolment_code (resident_id)',
  'CREATE TABLE nonce (value text PRIMARY KEY, expires_at timestamptz NOT NULL)',
  'CREATE INDEX nonce_expiry ON nonce (expires_at)',
  `CREATE TABLE consent (
    id uuid PRIMARY KEY,
    resident_id uuid NOT NULL REFERENCES resident (id),
    enrolment_id uuid NOT NULL REFERENCES enrolment (id),
    partner text NOT NULL,
    purpose text NOT NULL,
    data_kind text NOT NULL,
    given_at timestamptz NOT NULL,
    withdrawn_at timestamptz
  )`,
  'CREATE UNIQUE INDEX consent_standing ON consent (resident_id, partner, purpose) WHERE withdrawn_at IS NULL',
  `CREATE TABLE status_list (
    list integer PRIMARY KEY,
    uri text NOT NULL UNIQUE,
    bits bytea NOT NULL,
    version integer NOT NULL DEFAULT 0,
    signed_version integer,
    token text,
    token_digest text,
    token_iat timestamptz
  )`,
  // A row is a claim on an index, made before the attestation is: a collision costs a retry, not the transaction.
  `CREATE TABLE status_index (
    list integer NOT NULL REFERENCES status_list (list),
    index integer NOT NULL,
    PRIMARY KEY (list, index)
  )`,
  `CREATE TABLE holder_key (
    thumbprint text PRIMARY KEY,
    resident_id uuid NOT NULL REFERENCES resident (id),
    enrolment_id uuid NOT NULL REFERENCES enrolment (id),
    partner text NOT NULL,
    x text NOT NULL,
    y text NOT NULL,
    added_at timestamptz NOT NULL,
    ended_at timestamptz,
    cause text,
    UNIQUE (enrolment_id, partner)
  )`,
  'CREATE UNIQUE INDEX holder_key_live ON holder_key (resident_id, partner) WHERE ended_at IS NULL',
  `CREATE TABLE attestation (
    id uuid PRIMARY KEY,
    resident_id uuid NOT NULL REFERENCES resident (id),
    partner text NOT NULL,
    holder text NOT NULL REFERENCES holder_key (thumbprint),
    list integer NOT NULL,
    index integer NOT NULL,
    iat timestamptz NOT NULL,
    exp timestamptz NOT NULL,
    grade text NOT NULL,
    fingerprint text NOT NULL,
    issued_at timestamptz NOT NULL,
    revoked_at timestamptz,
    cause text,
    UNIQUE (list, index),
    FOREIGN KEY (list, index) REFERENCES status_index (list, index)
  )`,
  'CREATE UNIQUE INDEX attestation_of_epoch ON attestation (holder, iat) WHERE revoked_at IS NULL',
  'CREATE INDEX attestation_of_resident ON attestation (resident_id, exp)',
  'CREATE INDEX attestation_of_list ON attestation (list, exp)',
];

/** What the county said to the federation. */
const STATEMENTS = [
  `CREATE TABLE scheme_declaration (
    scheme_id text NOT NULL,
    fingerprint text NOT NULL,
    digest text NOT NULL,
    payload jsonb NOT NULL,
    declared_at timestamptz NOT NULL,
    PRIMARY KEY (scheme_id, fingerprint, digest)
  )`,
  `CREATE TABLE countersignature (
    digest text PRIMARY KEY,
    type text NOT NULL,
    document_id text NOT NULL,
    version integer NOT NULL,
    payload jsonb NOT NULL,
    signed_by text NOT NULL,
    signed_at timestamptz NOT NULL
  )`,
  'CREATE INDEX countersignature_of_document ON countersignature (type, document_id)',
];

const TABLES = [
  'countersignature, scheme_declaration, attestation, holder_key, status_index, status_list, consent, nonce',
  'enrolment_code, enrolment, assessment, assessment_run, ledger_entry, resident, scheme_version',
];

export class CreateCountyTables1795100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...SCORING, ...ISSUING, ...STATEMENTS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const tables of TABLES) await runner.query(`DROP TABLE ${tables}`);
    await runner.query('DROP FUNCTION ledger_entry_keeps_its_content, county_refuses_change');
  }
}
