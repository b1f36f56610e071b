import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Pool } from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { testDatabase } from '#libs/testing';
import { createService, createServiceLog, databaseModule, type DatabaseOptions, openDatabase } from './index.js';
import { problemOf } from './problem.js';

/** Slow enough that two boots overlap; running it twice would fail because the table exists. */
class Ledger1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('SELECT pg_sleep(0.3)');
    await runner.query('CREATE TABLE ledger (id int)');
    await runner.query('INSERT INTO ledger VALUES (1)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ledger');
  }
}

let database: Awaited<ReturnType<typeof testDatabase>>;
const open: DataSource[] = [];
beforeAll(async () => {
  database = await testDatabase();
});
afterEach(() => Promise.all(open.splice(0).map((dataSource) => dataSource.destroy())));
afterAll(() => database.drop());

const options = (url: string): DatabaseOptions => ({
  url,
  entities: [],
  migrations: [Ledger1700000000000],
  applicationName: 'platform-test',
  poolSize: 2,
});

async function connect(url: string): Promise<DataSource> {
  const dataSource = await openDatabase(options(url));
  open.push(dataSource);
  return dataSource;
}

describe('opening the database', () => {
  it('runs migrations once when several processes boot together', async () => {
    const [first] = await Promise.all([connect(database.url), connect(database.url), connect(database.url)]);
    const rows: readonly unknown[] = await first.query('SELECT id FROM ledger');
    expect(rows).toEqual([{ id: 1 }]);
    const locks: readonly unknown[] = await first.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
    expect(locks).toEqual([]);
  });

  it('says DATABASE_UNREACHABLE with the place and the reason, never the credentials', async () => {
    const free = await freePort();
    const wrongPassword = new URL(database.url);
    wrongPassword.password = 'hunter2';
    const noDatabase = new URL(database.url);
    noDatabase.pathname = '/nowhere';
    const cases = [
      [`postgres://clerk:hunter2@127.0.0.1:${free}/county`, `127.0.0.1:${free}/county (ECONNREFUSED)`],
      [wrongPassword.href, '(28P01)'],
      [noDatabase.href, '/nowhere (3D000)'],
    ] as const;
    for (const [url, detail] of cases) {
      const error: unknown = await openDatabase(options(url)).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE', detail: expect.stringContaining(detail) });
      expect(String(error)).not.toContain('hunter2');
    }
  });
});

describe('the database of an app', () => {
  let app: NestFastifyApplication | undefined;
  afterEach(() => app?.close());

  it('is injectable, watched by readiness, and closed with the app', async () => {
    @Module({ imports: [databaseModule(options(database.url))] })
    class DatabaseApp {}
    const logger = createServiceLog({ service: 'x', level: 'silent' });
    app = await createService(DatabaseApp, { name: 'x', description: '', logger });
    const dataSource = app.get(DataSource);
    const ready = async (): Promise<number | undefined> => (await app?.inject('/health/ready'))?.statusCode;
    expect(await ready()).toBe(200);
    await dataSource.destroy();
    expect(await ready()).toBe(503);
    await dataSource.initialize();
    await app.close();
    expect(dataSource.isInitialized).toBe(false);
  });
});

describe('a request that gets no connection in time', () => {
  it('is told that the service is not ready, not that it failed', async () => {
    const pool = new Pool({ connectionString: database.url, max: 1, connectionTimeoutMillis: 50 });
    const taken = await pool.connect();
    const fault: unknown = await pool.connect().catch((thrown: unknown) => thrown);
    taken.release();
    await pool.end();
    expect(problemOf(fault, undefined).code).toBe('NOT_READY');
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
