import { afterAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { testDatabase, type TestDatabase } from './test-database.js';

const databases: TestDatabase[] = [];
afterAll(() => Promise.all(databases.map((database) => database.drop())));

async function count(url: string, sql: string): Promise<number | null> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rowCount;
  } finally {
    await client.end();
  }
}

describe('databases for tests', () => {
  it('are empty, apart from one another, and gone after drop', async () => {
    const [one, other] = await Promise.all([testDatabase(), testDatabase()]);
    databases.push(one, other);
    await count(one.url, 'CREATE TABLE visible (x int)');
    const tables = "SELECT 1 FROM pg_tables WHERE schemaname = 'public'";
    expect([await count(one.url, tables), await count(other.url, tables)]).toEqual([1, 0]);
    await one.drop();
    await expect(count(one.url, tables)).rejects.toMatchObject({ code: '3D000' });
  });

  it('are cloned from a template that is prepared once, whoever asks first', async () => {
    let preparations = 0;
    const template = {
      template: 'spec of libs/testing',
      prepare: async (url: string) => {
        preparations++;
        await count(url, 'CREATE TABLE prepared AS SELECT generate_series(1, 3)');
      },
    };
    const clones = await Promise.all([testDatabase(template), testDatabase(template), testDatabase(template)]);
    databases.push(...clones);
    expect(await Promise.all(clones.map(({ url }) => count(url, 'SELECT * FROM prepared')))).toEqual([3, 3, 3]);
    expect(preparations).toBe(1);
  });

  it('are prepared again after a preparation that failed', async () => {
    const failing = { template: 'failing once', prepare: () => Promise.reject(new Error('not today')) };
    await expect(testDatabase(failing)).rejects.toThrow('not today');
    const database = await testDatabase({
      ...failing,
      prepare: async (url) => void (await count(url, 'CREATE TABLE prepared ()')),
    });
    databases.push(database);
    expect(await count(database.url, "SELECT 1 FROM pg_tables WHERE tablename = 'prepared'")).toBe(1);
  });
});
