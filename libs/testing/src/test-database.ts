import { createHash, randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { testServer, type TestServer } from './test-server.js';

export interface TestDatabase {
  readonly url: string;
  /** Drops the database, ending whatever sessions are left. */
  drop(): Promise<void>;
}

export interface Template {
  /** Names the prepared state within one test run, for example `county`. */
  readonly template: string;
  /** Brings an empty database into that state (migrations, seeds) and closes its own connections. Runs once per test run. */
  readonly prepare: (url: string) => Promise<void>;
}

/** A database for one spec file on the run's PostgreSQL: empty, or a clone of a prepared one. */
export async function testDatabase(template?: Template): Promise<TestDatabase> {
  const server = await testServer();
  const name = `${server.prefix}${randomBytes(6).toString('hex')}`;
  if (template === undefined) await server.ensureDatabase(name);
  else await server.createFrom(await ensureTemplate(server, template), name);
  return { url: server.urlFor(name), drop: () => server.dropDatabase(name) };
}

/** The template gets its name only once it is complete, so a failed or killed preparation is simply done again. */
async function ensureTemplate(server: TestServer, { template, prepare }: Template): Promise<string> {
  const digest = createHash('sha256').update(template).digest();
  const name = `${server.prefix}template_${digest.toString('hex').slice(0, 12)}`;
  const client = new Client({ connectionString: server.adminUrl });
  await client.connect();
  try {
    // Held until this session ends; other test processes that want the same template wait here.
    await client.query('SELECT pg_advisory_lock($1)', [digest.readInt32BE(0)]);
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount !== 0) return name;
    const draft = `${name}_draft`;
    await server.dropDatabase(draft);
    await server.ensureDatabase(draft);
    await prepare(server.urlFor(draft));
    await client.query(`ALTER DATABASE ${client.escapeIdentifier(draft)} RENAME TO ${client.escapeIdentifier(name)}`);
    return name;
  } finally {
    await client.end();
  }
}
