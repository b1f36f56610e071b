import type { Type } from '@nestjs/common';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const SUBJECTS = [
  `CREATE TABLE subject (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('person', 'household', 'building', 'group', 'post', 'enterprise')),
    handle text NOT NULL UNIQUE,
    place text NOT NULL REFERENCES place (id),
    name text NOT NULL,
    birth_year integer,
    door_number text,
    has_account boolean NOT NULL,
    created_at timestamptz NOT NULL,
    ended_on date,
    end_cause text CHECK (end_cause IN ('left', 'died', 'dissolved', 'merged')),
    merged_into uuid REFERENCES subject (id),
    CHECK ((kind = 'person') = (birth_year IS NOT NULL)),
    CHECK (kind IN ('household', 'building') OR door_number IS NULL),
    CHECK (has_account OR kind = 'person'),
    CHECK ((ended_on IS NULL) = (end_cause IS NULL)),
    CHECK ((end_cause IS NOT DISTINCT FROM 'merged') = (merged_into IS NOT NULL))
  )`,
  'CREATE INDEX subject_name ON subject (name, place)',
  'CREATE INDEX subject_door ON subject (door_number, place) WHERE door_number IS NOT NULL',
  'CREATE INDEX subject_place ON subject (place, kind)',
  'CREATE INDEX subject_absorbed ON subject (merged_into) WHERE merged_into IS NOT NULL',
];

const LINKS = [
  `CREATE TABLE subject_merge (
    id uuid PRIMARY KEY,
    absorbed uuid NOT NULL REFERENCES subject (id),
    survivor uuid NOT NULL REFERENCES subject (id),
    reason text NOT NULL,
    made_at timestamptz NOT NULL,
    undone_at timestamptz
  )`,
  'CREATE UNIQUE INDEX subject_merge_standing ON subject_merge (absorbed) WHERE undone_at IS NULL',
  // Nothing is deleted: what was recorded by mistake, or replaced when subjects were merged, is void.
  `CREATE TABLE membership (
    id uuid PRIMARY KEY,
    relation text NOT NULL CHECK (relation IN ('member_of', 'child_of')),
    member uuid NOT NULL REFERENCES subject (id),
    "of" uuid NOT NULL REFERENCES subject (id),
    from_day date NOT NULL,
    to_day date,
    recorded_at timestamptz NOT NULL,
    made_by_merge uuid REFERENCES subject_merge (id),
    changed_at timestamptz,
    voided_at timestamptz,
    voided_by_merge uuid REFERENCES subject_merge (id),
    CHECK (member <> "of"),
    CHECK (to_day >= from_day)
  )`,
  'CREATE UNIQUE INDEX membership_once ON membership (member, "of", from_day) WHERE voided_at IS NULL',
  'CREATE INDEX membership_members ON membership ("of") WHERE voided_at IS NULL',
  `CREATE TABLE door (
    digest text PRIMARY KEY,
    subject_id uuid NOT NULL REFERENCES subject (id),
    issued_at timestamptz NOT NULL,
    revoked_at timestamptz
  )`,
  'CREATE UNIQUE INDEX door_live ON door (subject_id) WHERE revoked_at IS NULL',
  `CREATE TABLE subject_document (
    subject_id uuid PRIMARY KEY REFERENCES subject (id),
    type text NOT NULL CHECK (type IN ('resident_id', 'other')),
    key_id text NOT NULL,
    sealed bytea NOT NULL,
    index_key_id text NOT NULL,
    blind bytea NOT NULL UNIQUE,
    recorded_at timestamptz NOT NULL
  )`,
  'CREATE INDEX subject_document_keys ON subject_document (key_id, index_key_id)',
];

/**
 * Subjects, their memberships, doors and documents. Every resident there is becomes a subject of the county itself: in which
 * village each lives was not recorded.
 * @param county the code of the county's own place
 */
export function createSubjects(county: string): Type<MigrationInterface> {
  return class CreateSubjects1796000100000 implements MigrationInterface {
    async up(runner: QueryRunner): Promise<void> {
      for (const statement of SUBJECTS) await runner.query(statement);
      // The register of places gives it its name when the county opens.
      await runner.query(
        `INSERT INTO place (id, code, level, kind, name, source) VALUES ($1, $1, 'county', 'admin', $1, 'the configuration')
        ON CONFLICT DO NOTHING`,
        [county],
      );
      await runner.query(
        `INSERT INTO subject (id, kind, handle, place, name, birth_year, has_account, created_at)
        SELECT id, 'person', handle, $1, name, birth_year, true, created_at FROM resident`,
        [county],
      );
      await runner.query(
        'ALTER TABLE resident ADD CONSTRAINT resident_is_a_subject FOREIGN KEY (id) REFERENCES subject (id)',
      );
      for (const statement of LINKS) await runner.query(statement);
    }

    async down(runner: QueryRunner): Promise<void> {
      await runner.query('ALTER TABLE resident DROP CONSTRAINT resident_is_a_subject');
      await runner.query('DROP TABLE subject_document, door, membership, subject_merge, subject');
    }
  };
}
