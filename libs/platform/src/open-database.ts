import { setTimeout as delay } from 'node:timers/promises';
import type { Type } from '@nestjs/common';
import { DataSource, type MigrationInterface } from 'typeorm';
import { textOf } from './error-facts.js';
import { GatewayError } from './gateway-error.js';

export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  readonly entities: readonly Type<unknown>[];
  readonly migrations: readonly Type<MigrationInterface>[];
  /** Shown by PostgreSQL beside every connection. */
  readonly applicationName: string;
  /** Connections; 10 by default, at least 2 (one may hold the migration lock). */
  readonly poolSize?: number;
}

/** Any constant will do, as long as every Xinqiao process uses the same; advisory locks are per database. */
const MIGRATION_LOCK = 0x78_71_6d_31;
const ATTEMPTS = 5;
const PAUSE_MS = 300;
/** Also how long a request waits for a connection to come free. */
const CONNECT_TIMEOUT_MS = 10_000;

/** SQLSTATE of answers that will not change by asking again: wrong password, no such role, no such database. */
const FINAL_ANSWERS: ReadonlySet<string> = new Set(['28P01', '28000', '3D000']);

/**
 * Connects to PostgreSQL and brings the schema up to date. Processes that boot together wait for one another: the
 * first runs the migrations, the others find nothing left to do.
 * @throws GatewayError DATABASE_UNREACHABLE after a few quick attempts; its detail names host, port and database only
 */
export async function openDatabase(options: DatabaseOptions): Promise<DataSource> {
  const dataSource = await connect(options);
  try {
    await migrate(dataSource);
    return dataSource;
  } catch (cause) {
    await dataSource.destroy();
    throw cause;
  }
}

async function connect(options: DatabaseOptions): Promise<DataSource> {
  for (let attempt = 1; ; attempt += 1) {
    const dataSource = new DataSource({
      type: 'postgres',
      url: options.url,
      entities: [...options.entities],
      migrations: [...options.migrations],
      migrationsTableName: 'schema_migration',
      applicationName: options.applicationName,
      poolSize: Math.max(2, options.poolSize ?? 10),
      connectTimeoutMS: CONNECT_TIMEOUT_MS,
      synchronize: false,
      logging: false,
    });
    try {
      return await dataSource.initialize();
    } catch (cause) {
      const reason = textOf(cause, 'code') ?? 'no answer';
      if (attempt >= ATTEMPTS || FINAL_ANSWERS.has(reason))
        throw new GatewayError('DATABASE_UNREACHABLE', { detail: `${placeOf(options.url)} (${reason})`, cause });
      await delay(PAUSE_MS);
    }
  }
}

/** The lock lives in one session of its own; the migrations run in another. */
async function migrate(dataSource: DataSource): Promise<void> {
  const session = dataSource.createQueryRunner();
  try {
    await session.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      await dataSource.runMigrations({ transaction: 'each' });
    } finally {
      await session.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  } finally {
    await session.release();
  }
}

function placeOf(url: string): string {
  if (!URL.canParse(url)) return 'the database URL is malformed';
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port === '' ? '5432' : port}${pathname}`;
}
