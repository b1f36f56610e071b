import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tables whose rows are facts: never changed, never deleted. */
const FACTS = ['delegation', 'document_signature', 'round_signature', 'head', 'statement'] as const;
/** Tables whose rows move through a life cycle, and are never deleted. */
const LIVES = ['document', 'round', 'suspension'] as const;

/** Instants are Unix seconds. Payloads are kept as the base64url text that was signed. */
export class CreateFederationTables1795000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE delegation (
        epoch bigint PRIMARY KEY,
        digest text NOT NULL UNIQUE,
        payload text NOT NULL,
        signatures text[] NOT NULL,
        online_kid text NOT NULL,
        received_at bigint NOT NULL,
        received_by text NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE document (
        digest text PRIMARY KEY,
        type text NOT NULL CHECK (type IN ('member', 'partner', 'scheme', 'agreement', 'table', 'offer')),
        subject_id text NOT NULL,
        series text NOT NULL,
        version integer NOT NULL,
        effective_from text,
        payload text NOT NULL,
        state text NOT NULL CHECK (state IN ('draft', 'submitted', 'complete', 'published', 'superseded')),
        filed_at bigint NOT NULL,
        filed_by text NOT NULL,
        submitted_at bigint,
        completed_at bigint,
        published_at bigint,
        CHECK ((state = 'draft') = (submitted_at IS NULL))
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX document_one_per_version ON document (series, version)
      WHERE state IN ('complete', 'published', 'superseded')`);
    await runner.query('CREATE INDEX document_subject ON document (type, subject_id)');
    await runner.query(`
      CREATE TABLE document_signature (
        digest text NOT NULL REFERENCES document (digest),
        kid text NOT NULL,
        organisation text NOT NULL,
        role text NOT NULL CHECK (role IN ('owner', 'officer')),
        jws text NOT NULL,
        received_at bigint NOT NULL,
        received_by text NOT NULL,
        PRIMARY KEY (digest, kid)
      )`);
    await runner.query(`
      CREATE TABLE round (
        digest text PRIMARY KEY,
        epoch bigint NOT NULL REFERENCES delegation (epoch),
        round bigint NOT NULL,
        docs_root text NOT NULL,
        documents text[] NOT NULL,
        suspended text[] NOT NULL,
        lift text[] NOT NULL,
        payload text NOT NULL,
        drafted_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        drafted_by text NOT NULL,
        adopted_at bigint
      )`);
    await runner.query('CREATE UNIQUE INDEX round_adopted ON round (epoch, round) WHERE adopted_at IS NOT NULL');
    await runner.query('CREATE INDEX round_docs_root ON round (docs_root) WHERE adopted_at IS NOT NULL');
    await runner.query(`
      CREATE TABLE round_signature (
        digest text NOT NULL REFERENCES round (digest),
        kid text NOT NULL,
        organisation text NOT NULL,
        jws text NOT NULL,
        received_at bigint NOT NULL,
        received_by text NOT NULL,
        PRIMARY KEY (digest, kid)
      )`);
    await runner.query(`
      CREATE TABLE head (
        epoch bigint NOT NULL REFERENCES delegation (epoch),
        seq bigint NOT NULL,
        digest text NOT NULL UNIQUE,
        jws text NOT NULL,
        round_digest text NOT NULL REFERENCES round (digest),
        iat bigint NOT NULL,
        exp bigint NOT NULL,
        cause text NOT NULL CHECK (cause IN ('founding', 'round', 'suspension', 'schedule')),
        PRIMARY KEY (epoch, seq)
      )`);
    await runner.query(`
      CREATE TABLE suspension (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        digest text NOT NULL REFERENCES document (digest),
        reason text NOT NULL,
        officer text NOT NULL,
        organisation text NOT NULL,
        suspended_at bigint NOT NULL,
        review text NOT NULL CHECK (review IN ('open', 'lifted')),
        lifted_at bigint,
        lifted_by_round text REFERENCES round (digest),
        CHECK ((review = 'lifted') = (lifted_at IS NOT NULL AND lifted_by_round IS NOT NULL))
      )`);
    await runner.query("CREATE UNIQUE INDEX suspension_open ON suspension (digest) WHERE review = 'open'");
    await runner.query(`
      CREATE TABLE statement (
        issuer text NOT NULL,
        jti text NOT NULL,
        content_digest text NOT NULL,
        kind text NOT NULL,
        document_digest text NOT NULL REFERENCES document (digest),
        received_at bigint NOT NULL,
        PRIMARY KEY (issuer, jti)
      )`);
    await this.keepEverything(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE statement, suspension, head, round_signature, round, document_signature, document, delegation',
    );
    await runner.query('DROP FUNCTION alliance_records_are_kept, document_content_is_kept');
  }

  private async keepEverything(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION alliance_records_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'alliance records are kept' USING ERRCODE = 'restrict_violation';
      END $$`);
    for (const table of FACTS)
      await runner.query(`
        CREATE TRIGGER ${table}_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION alliance_records_are_kept()`);
    for (const table of LIVES)
      await runner.query(`
        CREATE TRIGGER ${table}_is_kept BEFORE DELETE OR TRUNCATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION alliance_records_are_kept()`);
    await runner.query(`
      CREATE FUNCTION document_content_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF (OLD.digest, OLD.type, OLD.series, OLD.version, OLD.payload)
          IS DISTINCT FROM (NEW.digest, NEW.type, NEW.series, NEW.version, NEW.payload) THEN
          RAISE EXCEPTION 'alliance records are kept' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
      END $$`);
    await runner.query(`
      CREATE TRIGGER document_content_is_kept BEFORE UPDATE ON document
      FOR EACH ROW EXECUTE FUNCTION document_content_is_kept()`);
  }
}
