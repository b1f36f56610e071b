import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateOutbox1795000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox_message (
        id text PRIMARY KEY,
        seq bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        kind text NOT NULL,
        payload jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL DEFAULT now(),
        delivered_at timestamptz,
        rejected_at timestamptz,
        last_error_code text,
        CHECK (delivered_at IS NULL OR rejected_at IS NULL)
      )`);
    await runner.query(`
      CREATE INDEX outbox_message_pending ON outbox_message (kind, seq)
      WHERE delivered_at IS NULL AND rejected_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outbox_message');
  }
}
