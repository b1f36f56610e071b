import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePlaces1796000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // `revision` moves with every change, so that a process sees by one number that another has changed something.
    await runner.query('CREATE SEQUENCE place_revision');
    await runner.query(`CREATE TABLE place (
      id text PRIMARY KEY,
      code text UNIQUE,
      level text NOT NULL CHECK (level IN (
        'county', 'town', 'subdistrict', 'functional_zone', 'area', 'community', 'village', 'grid')),
      kind text NOT NULL CHECK (kind IN ('admin', 'functional_zone', 'local')),
      name text NOT NULL,
      parent text REFERENCES place (id),
      source text NOT NULL,
      revision bigint NOT NULL DEFAULT nextval('place_revision'),
      CHECK ((parent IS NULL) = (level = 'county'))
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE place');
    await runner.query('DROP SEQUENCE place_revision');
  }
}
