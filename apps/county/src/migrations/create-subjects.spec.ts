import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { outboxMigrations } from '#libs/messaging';
import { openDatabase } from '#libs/platform';
import { staffMigrations } from '#libs/staff';
import { testDatabase, type TestDatabase } from '#libs/testing';
import { CreateCountyTables1795100000000 } from './create-county-tables.migration.js';
import { CreatePlaces1796000000000 } from './create-places.migration.js';
import { createSubjects } from './create-subjects.migration.js';

const BEFORE = [...staffMigrations, ...outboxMigrations, CreateCountyTables1795100000000, CreatePlaces1796000000000];
const ID = '11111111-1111-4111-8111-111111111111';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

describe('a county that has residents already', () => {
  it('finds each of them as a subject of the county itself, under the same id, and can go back', async () => {
    const options = { url: database.url, entities: [], applicationName: 'test' };
    const earlier = await openDatabase({ ...options, migrations: BEFORE });
    await earlier.query("INSERT INTO resident VALUES ($1, 'wd-1', '王小明', '123X', 1980, '2026-01-01T00:00:00Z')", [
      ID,
    ]);
    await earlier.destroy();

    const later = await openDatabase({ ...options, migrations: [...BEFORE, createSubjects('371003')] });
    expect(
      await later.query('SELECT id, kind, handle, place, name, birth_year, has_account, ended_on FROM subject'),
    ).toEqual([
      {
        id: ID,
        kind: 'person',
        handle: 'wd-1',
        place: '371003',
        name: '王小明',
        birth_year: 1980,
        has_account: true,
        ended_on: null,
      },
    ]);
    await later.undoLastMigration();
    expect(await later.query('SELECT handle FROM resident')).toEqual([{ handle: 'wd-1' }]);
    await later.destroy();
  });
});
