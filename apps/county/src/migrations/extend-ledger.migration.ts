import type { MigrationInterface, QueryRunner } from 'typeorm';

const ENTRIES = [
  'ALTER TABLE ledger_entry RENAME COLUMN resident_id TO subject_id',
  'ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_resident_id_fkey, DROP CONSTRAINT ledger_entry_quantity_check',
  `ALTER TABLE ledger_entry
    ADD FOREIGN KEY (subject_id) REFERENCES subject (id),
    ADD COLUMN label text,
    ADD COLUMN evidence jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN reason text,
    ADD COLUMN reverses text REFERENCES ledger_entry (id),
    ADD COLUMN credit_of text REFERENCES ledger_entry (id),
    ADD COLUMN recorded_by_subject uuid,
    ADD COLUMN due_on date,
    ADD CHECK (reverses IS NULL OR reason IS NOT NULL)`,
  // One correction at a time can be under way or have taken effect.
  `CREATE UNIQUE INDEX ledger_entry_reversed_once ON ledger_entry (reverses)
    WHERE reverses IS NOT NULL AND credit_of IS NULL AND state <> 'rejected'`,
  'CREATE INDEX ledger_entry_credits ON ledger_entry (credit_of) WHERE credit_of IS NOT NULL',
  'CREATE INDEX ledger_entry_due ON ledger_entry (due_on) WHERE due_on IS NOT NULL',
  `CREATE INDEX ledger_entry_open ON ledger_entry (state, id) WHERE state IN ('declared', 'verified', 'contested')`,
  // State and calendar move on; a merge of two subjects gives the survivor what the absorbed one did. Nothing else changes, and no entry ever goes.
  `CREATE OR REPLACE FUNCTION ledger_entry_keeps_its_content() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE facts ledger_entry;
  BEGIN
    IF TG_OP = 'UPDATE' THEN
      facts := NEW;
      facts.state := OLD.state;
      facts.due_on := OLD.due_on;
      IF NEW.subject_id <> OLD.subject_id
        AND EXISTS (SELECT FROM subject WHERE id = OLD.subject_id AND merged_into = NEW.subject_id) THEN
        facts.subject_id := OLD.subject_id;
      END IF;
      IF facts IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'ledger entries are append-only' USING ERRCODE = 'restrict_violation';
  END $$`,
];

const STEPS = [
  // The declaration is the entry itself; here is what was done to it afterwards.
  `CREATE TABLE entry_step (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry_id text NOT NULL REFERENCES ledger_entry (id),
    key text NOT NULL,
    act text NOT NULL,
    state text NOT NULL,
    actor text,
    actor_subject uuid,
    day date NOT NULL,
    done_at timestamptz NOT NULL,
    reason text,
    UNIQUE (entry_id, key)
  )`,
  'CREATE INDEX entry_step_done ON entry_step (done_at)',
  `CREATE TRIGGER entry_step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry_step
    FOR EACH STATEMENT EXECUTE FUNCTION county_refuses_change()`,
  // What counted when nobody verified or approved goes on counting.
  `INSERT INTO entry_step (entry_id, key, act, state, day, done_at)
    SELECT id, '~take_effect', 'take_effect', state, (recorded_at AT TIME ZONE 'Asia/Shanghai')::date, recorded_at
    FROM ledger_entry WHERE state = 'effective' ORDER BY recorded_at, id`,
];

/** Every query in it sees what was committed while it waited for the lock: a statement of its own would not. */
const RECORDING = `CREATE FUNCTION recording_instant(now timestamptz, ledger_lock bigint) RETURNS timestamptz LANGUAGE plpgsql VOLATILE AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock_shared(ledger_lock);
    RETURN greatest(now, (SELECT max(cut_off) + interval '1 second' FROM assessment_run));
  END $$`;

/** Entries of any subject under any scheme, with steps, corrections and credits. What was recorded so far is kept. */
export class ExtendLedger1796000300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...ENTRIES, ...STEPS, RECORDING]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION recording_instant');
    await runner.query('DROP TABLE entry_step');
    await runner.query(
      `ALTER TABLE ledger_entry DROP COLUMN label, DROP COLUMN evidence, DROP COLUMN reason, DROP COLUMN reverses, DROP COLUMN credit_of,
        DROP COLUMN recorded_by_subject, DROP COLUMN due_on`,
    );
    await runner.query('ALTER TABLE ledger_entry RENAME COLUMN subject_id TO resident_id');
  }
}
