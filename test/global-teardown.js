import { once } from 'node:events';
import path from 'node:path';
import { Client } from 'pg';

export default async function globalTeardown() {
  if (process.env.DATABASE_URL) await dropDatabasesOfThisRun(process.env.DATABASE_URL);
  const keeper = globalThis.testRunKeeper;
  const exited = once(keeper, 'exit');
  keeper.stdin.end();
  await exited;
}

/** On a server that is not ours, templates and what failed tests left behind would otherwise stay. */
async function dropDatabasesOfThisRun(connectionString) {
  const prefix = `${path.basename(process.env.XINQIAO_TEST_RUN_FOLDER)}_`;
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [prefix]);
    for (const { datname } of rows)
      await client.query(`DROP DATABASE ${client.escapeIdentifier(datname)} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}
